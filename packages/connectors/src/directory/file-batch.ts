import type { ItemIssue, ItemPath, ItemRecord } from '@holdfast/engine';
import type { FileToWrite, RecoveryPointContent } from '../sdk/v1/connector.ts';
import { applyAttributes } from './apply-attributes.ts';
import { issue } from './errors.ts';
import { bytesAsString } from './item-paths.ts';
import type { Handle, PosixFiles } from './posix/posix-files.ts';

interface OpenFile {
  readonly record: ItemRecord;
  readonly handle: Handle;
  readonly source: ItemPath;
}

export interface FileBatchOptions {
  readonly files: PosixFiles;
  readonly content: RecoveryPointContent;
  readonly overExisting: boolean;
  readonly clean: boolean;
  readonly signal: AbortSignal;
  readonly report: (issue: ItemIssue) => void;
  readonly finished: (bytes: number) => void;
}

/**
 * Files that were made and wait for their content. They stay open until it is there and their attributes are set, so
 * that nobody can put a link in their place.
 */
export class FileBatch {
  readonly #options: FileBatchOptions;
  readonly #open = new Map<string, OpenFile>();

  constructor(options: FileBatchOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** `source` is the item whose content the file gets: the record's own path, or that of its hard-link group. */
  add(record: ItemRecord, handle: Handle, source: ItemPath): void {
    this.#open.set(bytesAsString(this.#options.files.pathOf(handle)), { record, handle, source });
  }

  /** Writes all contents and finishes each file as soon as its content is there. */
  async write(): Promise<void> {
    if (this.#open.size === 0) return;
    const { content, signal, overExisting } = this.#options;
    try {
      await content.writeFiles(toAsync([...this.#wanted()]), {
        signal,
        overExisting,
        done: ({ file }, outcome) => this.#finish(bytesAsString(file), outcome),
      });
      for (const { record } of this.#open.values()) {
        this.#options.report(issue(record.path, 'not-restored', 'its content was not delivered', true));
      }
    } finally {
      this.close();
    }
  }

  /** Gives up what is still open. */
  close(): void {
    for (const { handle } of this.#open.values()) this.#options.files.close(handle);
    this.#open.clear();
  }

  *#wanted(): Generator<FileToWrite> {
    for (const { handle, source } of this.#open.values()) {
      yield { item: source, file: this.#options.files.pathOf(handle) };
    }
  }

  #finish(key: string, outcome: { readonly bytes: number; readonly issue?: ItemIssue }): void {
    const file = this.#open.get(key);
    if (file === undefined) return;
    this.#open.delete(key);
    const { files, report, clean, finished } = this.#options;
    try {
      if (outcome.issue !== undefined) report({ ...outcome.issue, path: file.record.path });
      const times = outcome.issue?.dataMissing !== true;
      applyAttributes(files, file.handle, file.record, { clean, times, report });
    } finally {
      files.close(file.handle);
    }
    finished(outcome.bytes);
  }
}

async function* toAsync<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}
