import type { Name } from './posix/posix-files.ts';

/** Sorted at once: small enough that one sort does not hold up the event loop. */
const RUN_LENGTH = 32_768;

/**
 * Collects the names of one directory and gives them back in byte order. A directory may hold millions: names are kept
 * in runs that are sorted one by one and merged while being read, so that no single step takes long.
 */
export class SortedNames {
  readonly #runLength: number;
  readonly #runs: Name[][] = [];
  #filling: Name[] = [];

  constructor(runLength = RUN_LENGTH) {
    this.#runLength = runLength;
  }

  add(names: readonly Name[]): void {
    for (const name of names) {
      this.#filling.push(name);
      if (this.#filling.length === this.#runLength) this.#closeRun();
    }
  }

  /** Ends the collection; the names can be taken once. */
  *take(): Generator<Name, void, undefined> {
    this.#closeRun();
    const [only, ...others] = this.#runs;
    if (only === undefined) return;
    if (others.length === 0) yield* only;
    else yield* merge(this.#runs);
  }

  #closeRun(): void {
    if (this.#filling.length === 0) return;
    this.#runs.push(this.#filling.sort());
    this.#filling = [];
  }
}

interface Cursor {
  readonly run: readonly Name[];
  next: number;
  name: Name;
}

/** Merges sorted runs with a binary heap of their first names. */
function* merge(runs: readonly (readonly Name[])[]): Generator<Name, void, undefined> {
  const heap: Cursor[] = runs.map((run) => ({ run, next: 1, name: run[0] ?? '' }));
  heap.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.name;
    const following = top.run[top.next];
    if (following === undefined) {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
    } else {
      top.name = following;
      top.next += 1;
    }
    sinkTop(heap);
  }
}

function sinkTop(heap: Cursor[]): void {
  for (let index = 0; ; ) {
    const left = heap[2 * index + 1];
    if (left === undefined) return;
    const right = heap[2 * index + 2];
    const child = right !== undefined && right.name < left.name ? 2 * index + 2 : 2 * index + 1;
    const [parent, smaller] = [heap[index], heap[child]];
    if (parent === undefined || smaller === undefined || parent.name <= smaller.name) return;
    heap[index] = smaller;
    heap[child] = parent;
    index = child;
  }
}
