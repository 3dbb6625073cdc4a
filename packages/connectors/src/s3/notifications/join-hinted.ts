import type { ItemRecord } from '@holdfast/engine';
import type { S3Connection } from '../connection.ts';
import { nameOfKey } from '../item-paths.ts';
import { type JoinedVersion, joinWithParent } from '../join-parent.ts';
import { orderedPrefetch, type PrefetchTask } from '../ordered-prefetch.ts';
import { type ListedVersion, listVersionsOf } from '../version-listing.ts';

const LISTED_AHEAD = { tasks: 64, bytes: Number.MAX_SAFE_INTEGER };

export interface HintedBucket {
  readonly connection: S3Connection;
  readonly bucket: string;
  /** What may have changed; the versions of everything else are taken as the parent knows them. */
  readonly keys: readonly string[];
}

/** As `joinWithParent`, asking the store for the versions of some keys only; in path order. */
export async function* joinHinted(
  { connection, bucket, keys }: HintedBucket,
  parentItems: AsyncIterable<ItemRecord>,
  signal: AbortSignal,
): AsyncGenerator<JoinedVersion> {
  const parents = new Parents(parentItems);
  try {
    for await (const { name, versions } of orderedPrefetch(listings(connection, bucket, keys, signal), LISTED_AHEAD)) {
      for await (const kept of parents.before(name)) yield { kept };
      const own: ItemRecord[] = [];
      for await (const item of parents.of(name)) own.push(item);
      yield* joinWithParent(each(versions), each(own));
    }
    for await (const kept of parents.rest()) yield { kept };
  } finally {
    await parents.close();
  }
}

interface KeyListing {
  readonly name: string;
  readonly versions: readonly ListedVersion[];
}

async function* listings(
  connection: S3Connection,
  bucket: string,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<PrefetchTask<KeyListing>> {
  const named = keys.map((key) => ({ key, name: nameOfKey(key) })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { key, name } of named) {
    const list = async (): Promise<KeyListing> => {
      const versions: ListedVersion[] = [];
      for await (const version of listVersionsOf(connection, bucket, key, signal)) versions.push(version);
      return { name, versions };
    };
    yield { bytes: 0, start: list };
  }
}

/** The items of the parent, which are in the order of the names of their keys. */
class Parents {
  readonly #items: AsyncIterator<ItemRecord>;
  #next: { readonly item: ItemRecord; readonly name: string } | undefined;

  constructor(items: AsyncIterable<ItemRecord>) {
    this.#items = items[Symbol.asyncIterator]();
  }

  before(name: string): AsyncGenerator<ItemRecord> {
    return this.#while((own) => own < name);
  }

  of(name: string): AsyncGenerator<ItemRecord> {
    return this.#while((own) => own === name);
  }

  rest(): AsyncGenerator<ItemRecord> {
    return this.#while(() => true);
  }

  async close(): Promise<void> {
    await this.#items.return?.();
  }

  async *#while(isWanted: (name: string) => boolean): AsyncGenerator<ItemRecord> {
    for (;;) {
      this.#next ??= await this.#read();
      if (this.#next === undefined || !isWanted(this.#next.name)) return;
      const { item } = this.#next;
      this.#next = undefined;
      yield item;
    }
  }

  async #read(): Promise<{ item: ItemRecord; name: string } | undefined> {
    for (;;) {
      const step = await this.#items.next();
      if (step.done === true) return undefined;
      const { path } = step.value;
      // The root is no version.
      if (path.byteLength === 0) continue;
      const text = Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('latin1');
      return { item: step.value, name: text.slice(0, text.indexOf('/')) };
    }
  }
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
