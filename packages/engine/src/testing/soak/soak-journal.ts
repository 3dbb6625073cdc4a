/** What the soak has been promised: one line per fact, on disk before the next step, readable after any kill. */
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { SoakLog, SoakSegment } from './soak-log.ts';
import { mustStand, type SoakContent, type SoakPoint, type SoakSide } from './soak-point.ts';

interface OfPoint {
  readonly id: string;
}

interface OfHold extends OfPoint {
  readonly hold: string;
}

/** Whatever changes something is told before it is begun, and again when it is done. */
export type SoakFact =
  | ({ readonly fact: 'acknowledged'; readonly side: SoakSide; readonly content: SoakContent } & OfPoint)
  | ({ readonly fact: 'deleting' | 'refused' } & OfPoint)
  | ({ readonly fact: 'deleted'; readonly at: number } & OfPoint)
  | ({ readonly fact: 'holding' | 'held' | 'releasing' | 'released' } & OfHold)
  | ({ readonly fact: 'locked'; readonly untilAt: number } & OfPoint)
  | ({ readonly fact: 'copying'; readonly from: string; readonly fence?: number } & OfPoint)
  | { readonly fact: 'appending' | 'appended'; readonly stream: string; readonly segments: readonly SoakSegment[] }
  | { readonly fact: 'count'; readonly what: string; readonly count: number };

/** A copy that was begun and not acknowledged. */
export interface SoakCopy {
  readonly from: string;
  /** Of its attempts so far. */
  readonly fences: readonly number[];
}

export interface SoakState {
  /** Recovery points that are there or may be. */
  readonly points: ReadonlyMap<string, SoakPoint>;
  readonly copies: ReadonlyMap<string, SoakCopy>;
  readonly logs: ReadonlyMap<string, SoakLog>;
  readonly counts: Readonly<Record<string, number>>;
}

export class SoakJournal {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) appendFileSync(file, '');
  }

  append(fact: SoakFact): void {
    const file = openSync(this.#file, 'a');
    writeSync(file, `${JSON.stringify(fact)}\n`);
    fsyncSync(file);
    closeSync(file);
  }

  count(what: string, count = 1): void {
    this.append({ fact: 'count', what, count });
  }

  /** @throws Error when two facts contradict each other: a hold or a lock was broken */
  read(): SoakState {
    const state = new JournalReader();
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      // The last line may be cut by a kill; it then never counted.
      if (line.endsWith('}')) state.take(JSON.parse(line) as SoakFact);
    }
    return state;
  }
}

class JournalReader implements SoakState {
  readonly points = new Map<string, SoakPoint>();
  readonly copies = new Map<string, SoakCopy>();
  readonly logs = new Map<string, SoakLog>();
  readonly counts: Record<string, number> = {};

  take(fact: SoakFact): void {
    if (fact.fact === 'count') this.counts[fact.what] = (this.counts[fact.what] ?? 0) + fact.count;
    else if (fact.fact === 'acknowledged') this.#acknowledge(fact.id, fact.side, fact.content);
    else if ('stream' in fact) this.#takeLog(fact);
    else if (fact.fact === 'copying') {
      const fences = this.copies.get(fact.id)?.fences ?? [];
      this.copies.set(fact.id, {
        from: fact.from,
        fences: fact.fence === undefined ? fences : [...new Set([...fences, fact.fence])],
      });
    } else {
      const point = this.points.get(fact.id);
      // What comes to a recovery point that is gone lost its race.
      if (point === undefined) return;
      if (fact.fact === 'deleted') this.#delete(point, fact.at);
      else this.points.set(fact.id, { ...point, ...changeOf(point, fact) });
    }
  }

  #acknowledge(id: string, side: SoakSide, content: SoakContent): void {
    this.copies.delete(id);
    this.points.set(id, { id, side, content, deletions: 0, holds: [], doubtfulHolds: [], lockedUntilAt: 0 });
  }

  #delete(point: SoakPoint, at: number): void {
    if (mustStand(point, at)) {
      throw new Error(`${point.id} was deleted beside holds [${point.holds}] and a lock until ${point.lockedUntilAt}`);
    }
    this.points.delete(point.id);
  }

  #takeLog({ fact, stream, segments }: Extract<SoakFact, { readonly stream: string }>): void {
    const before = this.logs.get(stream)?.segments ?? [];
    this.logs.set(stream, fact === 'appended' ? { segments } : { segments: before, pending: segments });
  }
}

type PointChange = Exclude<Extract<SoakFact, OfPoint>, { readonly fact: 'acknowledged' | 'deleted' | 'copying' }>;

function changeOf(point: SoakPoint, change: PointChange): Partial<SoakPoint> {
  const { deletions, holds, doubtfulHolds } = point;
  switch (change.fact) {
    case 'deleting':
      return { deletions: deletions + 1 };
    case 'refused':
      return { deletions: Math.max(0, deletions - 1) };
    case 'locked':
      return { lockedUntilAt: Math.max(point.lockedUntilAt, change.untilAt) };
    case 'held':
      return { holds: [...holds, change.hold], doubtfulHolds: doubtfulHolds.filter((hold) => hold !== change.hold) };
    case 'holding':
      return { doubtfulHolds: [...doubtfulHolds, change.hold] };
    case 'releasing':
      return {
        holds: holds.filter((hold) => hold !== change.hold),
        doubtfulHolds: [...doubtfulHolds, change.hold],
      };
    case 'released':
      return { doubtfulHolds: doubtfulHolds.filter((hold) => hold !== change.hold) };
  }
}
