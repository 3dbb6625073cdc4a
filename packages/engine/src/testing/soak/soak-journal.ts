/** What the soak has been promised: one line per fact, on disk before the next step, readable after any kill. */
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { SoakFile } from './soak-content.ts';

export type SoakFact =
  | { readonly fact: 'acknowledged'; readonly id: string; readonly files: readonly SoakFile[] }
  | { readonly fact: 'deleting'; readonly id: string }
  | { readonly fact: 'deleted'; readonly id: string }
  | { readonly fact: 'count'; readonly what: string; readonly count: number };

export interface SoakState {
  /** Recovery points that must be whole. */
  readonly promised: ReadonlyMap<string, readonly SoakFile[]>;
  /** Deletion was asked for and not confirmed: whole or gone, nothing between. */
  readonly undecided: ReadonlyMap<string, readonly SoakFile[]>;
  readonly gone: ReadonlySet<string>;
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

  read(): SoakState {
    const promised = new Map<string, readonly SoakFile[]>();
    const undecided = new Map<string, readonly SoakFile[]>();
    const gone = new Set<string>();
    const counts: Record<string, number> = {};
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      const fact = parse(line);
      if (fact === undefined) continue;
      if (fact.fact === 'count') counts[fact.what] = (counts[fact.what] ?? 0) + fact.count;
      else if (fact.fact === 'acknowledged') promised.set(fact.id, fact.files);
      else if (fact.fact === 'deleting') {
        const files = promised.get(fact.id);
        promised.delete(fact.id);
        if (files !== undefined) undecided.set(fact.id, files);
      } else {
        undecided.delete(fact.id);
        gone.add(fact.id);
      }
    }
    return { promised, undecided, gone, counts };
  }
}

/** The last line may be cut by a kill; it then never counted. */
function parse(line: string): SoakFact | undefined {
  if (!line.endsWith('}')) return undefined;
  return JSON.parse(line) as SoakFact;
}
