import { ownerOf, type PlannedFile, type PlannedRange } from './file-plan.ts';

/** Ranges that one thread gets one after the other: those of a large file, or one that files share. */
export interface RangeUnit {
  /** The large file; absent for a shared range. */
  readonly file?: number;
  readonly ranges: readonly PlannedRange[];
  /** All data of the file comes in order, so that it can be hashed while it is written. */
  readonly isInOrder: boolean;
}

/** A place in the queue of a thread. */
export interface Turn {
  readonly worker: number;
  /** Resolves when the range before was given to the thread. */
  readonly come: Promise<void>;
  /** Lets the next range come. */
  pass(): void;
}

/** A range, and for one of a large file whose turn it is. */
export interface ScheduledRange {
  readonly range: PlannedRange;
  readonly turn?: Turn;
  /** Must be called when the range is done, or failed. */
  end(): void;
}

/** Joins the ranges of each large file, in the order of its data. */
export function planUnits(
  ranges: readonly PlannedRange[],
  files: readonly PlannedFile[],
  isAlone: (file: number) => boolean,
): readonly RangeUnit[] {
  const units: RangeUnit[] = [];
  const owned = new Map<number, PlannedRange[]>();
  for (const range of ranges) {
    const [frame] = range.frames;
    const file = frame === undefined ? -1 : ownerOf(frame, isAlone);
    const own = owned.get(file);
    if (file < 0) units.push({ ranges: [range], isInOrder: false });
    else if (own === undefined) owned.set(file, [range]);
    else own.push(range);
  }
  for (const [file, own] of owned) {
    const sorted = own.map((range) => ({ range, offsets: offsetsIn(range, file) }));
    sorted.sort((a, b) => (a.offsets[0] ?? 0) - (b.offsets[0] ?? 0));
    const come = sorted.flatMap(({ offsets }) => offsets);
    const wanted = (files[file]?.extents ?? []).filter(({ chunk }) => chunk !== undefined).map(({ at }) => at);
    const isInOrder = come.length === wanted.length && come.every((at, index) => at === wanted[index]);
    units.push({ file, ranges: sorted.map(({ range }) => range), isInOrder });
  }
  return units;
}

/** Where in a file the writes of a range go, in the order in which a job makes them. */
function offsetsIn(range: PlannedRange, file: number): number[] {
  const writes = range.frames.flatMap((frame) => frame.writes.filter((write) => write.file === file));
  return writes.map(({ fileOffset }) => fileOffset).sort((a, b) => a - b);
}

interface Seat {
  readonly worker: number;
  inFlight: number;
  /** Ranges left of the large file that this thread has. */
  rest: PlannedRange[];
  given: Promise<void>;
}

/** Hands out ranges so that each thread has one large file at a time and all threads have work. */
export class RangeSchedule {
  readonly #units: Iterator<RangeUnit>;
  readonly #seats: readonly Seat[];
  readonly #workers = new Map<number, number>();

  constructor(units: readonly RangeUnit[], threads: number) {
    this.#units = units[Symbol.iterator]();
    this.#seats = Array.from({ length: threads }, (_, worker) => ({
      worker,
      inFlight: 0,
      rest: [],
      given: Promise.resolve(),
    }));
  }

  /** @returns the thread that got the ranges of a large file */
  workerOf(file: number): number | undefined {
    return this.#workers.get(file);
  }

  /** @returns the next range to read; undefined when all were handed out */
  next(): ScheduledRange | undefined {
    const seats = [...this.#seats].sort((a, b) => a.inFlight - b.inFlight);
    for (const seat of seats) {
      const range = seat.rest.shift();
      if (range !== undefined) return this.#inOrder(seat, range);
      const unit = this.#units.next();
      if (unit.done === true) continue;
      const [first, ...rest] = unit.value.ranges;
      if (first === undefined) continue;
      if (unit.value.file === undefined) return { range: first, end: this.#count(seat) };
      this.#workers.set(unit.value.file, seat.worker);
      seat.rest = rest;
      return this.#inOrder(seat, first);
    }
    return undefined;
  }

  #inOrder(seat: Seat, range: PlannedRange): ScheduledRange {
    const passed = Promise.withResolvers<void>();
    const turn = { worker: seat.worker, come: seat.given, pass: () => passed.resolve() };
    seat.given = passed.promise;
    const end = this.#count(seat);
    return {
      range,
      turn,
      end: () => {
        // A range that was never given to the thread must not hold up those behind it.
        passed.resolve();
        end();
      },
    };
  }

  #count(seat: Seat): () => void {
    seat.inFlight += 1;
    return () => {
      seat.inFlight -= 1;
    };
  }
}
