import type { ItemRecord } from '@holdfast/engine';
import type { ParentContent } from '../../sdk/v1/continuous.ts';
import { backupItemOf, keyOfPath, MANIFEST_NAME } from './backup-items.ts';

/** The parent recovery point by the names of its files. */
export class ParentBackup {
  readonly content: ParentContent;
  readonly #records: ReadonlyMap<string, ItemRecord>;

  private constructor(content: ParentContent, records: ReadonlyMap<string, ItemRecord>) {
    this.content = content;
    this.#records = records;
  }

  static async read(content: ParentContent, signal: AbortSignal): Promise<ParentBackup> {
    const records = new Map<string, ItemRecord>();
    for await (const record of content.items()) {
      signal.throwIfAborted();
      const item = backupItemOf(record);
      if (item !== undefined) records.set(item.name, record);
    }
    return new ParentBackup(content, records);
  }

  /** Name and key of each item, ascending by key. */
  *keys(): Generator<readonly [string, string]> {
    for (const [name, record] of this.#records) yield [name, keyOfPath(record.path)];
  }

  record(name: string): ItemRecord | undefined {
    return this.#records.get(name);
  }

  /** The manifest of the parent; undefined when it has none. */
  manifest(): AsyncIterable<Uint8Array> | undefined {
    const record = this.#records.get(MANIFEST_NAME);
    return record === undefined ? undefined : this.content.read(record.path);
  }
}
