/**
 * Keys that a store named in its notifications, on disk, since the process that hears them is not always the one that
 * makes the next backup. They are hints: a key too many costs a request, one too few is found by the next full listing.
 *
 * A journal counts from its epoch on, which is the time since somebody listens without a break. A capture goes on from
 * the place that the last stored backup remembers, and only within one epoch; so a capture that failed loses nothing.
 */
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SUFFIX = '.hints';
/** A journal that grew beyond this helps less than a listing. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Where a capture stopped reading. */
export interface JournalPlace {
  readonly epoch: string;
  readonly offset: number;
}

/** The hints about one bucket. */
export class HintJournal {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async create(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Whether anybody wants hints about the bucket. */
  async exists(): Promise<boolean> {
    return (await sizeOf(this.#directory)) !== undefined;
  }

  /** @returns false when there are so many that a new epoch shall begin. @throws when they cannot be stored */
  async append(epoch: string, keys: readonly string[]): Promise<boolean> {
    const file = this.#fileOf(epoch);
    await appendFile(file, keys.map((key) => `${JSON.stringify(key)}\n`).join(''), { mode: 0o600 });
    return ((await sizeOf(file)) ?? 0) < MOST_BYTES;
  }

  /** The place behind all hints that are there now. */
  async end(epoch: string): Promise<JournalPlace> {
    return { epoch, offset: (await sizeOf(this.#fileOf(epoch))) ?? 0 };
  }

  /** Distinct keys between two places of one epoch; undefined when there are more than `most`. */
  async keysBetween(from: JournalPlace, to: JournalPlace, most: number): Promise<readonly string[] | undefined> {
    const keys = new Set<string>();
    if (to.offset <= from.offset) return [];
    const bytes = createReadStream(this.#fileOf(to.epoch), { start: from.offset, end: to.offset - 1 });
    try {
      for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
        keys.add(String(JSON.parse(line)));
        if (keys.size > most) return undefined;
      }
    } finally {
      bytes.destroy();
    }
    return [...keys];
  }

  /** Removes what earlier epochs left. */
  async forgetBefore(epoch: string): Promise<void> {
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith(SUFFIX));
    for (const name of names) if (name !== `${epoch}${SUFFIX}`) await rm(join(this.#directory, name), { force: true });
  }

  #fileOf(epoch: string): string {
    return join(this.#directory, `${epoch}${SUFFIX}`);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
