import type { ItemEntry } from '@holdfast/engine';
import { type StreamingChild, streamChild } from '../../child-process/streaming-child.ts';
import type { ParentContent } from '../../sdk/v1/continuous.ts';
import { programError } from '../errors.ts';
import { type BaseFacts, layerItem, rootItem } from './base-items.ts';
import { MbstreamItems } from './mbstream-items.ts';
import { readMbstream } from './read-mbstream.ts';

const CHECKPOINTS = 'xtrabackup_checkpoints';

export interface PhysicalBackupOptions {
  /** The path of `mariadb-backup`. */
  readonly program: string;
  /** The arguments that name the option file. */
  readonly connection: readonly string[];
  readonly dataDirectory: string;
  readonly spoolDirectory: string;
  readonly backupId: string;
  readonly facts: BaseFacts;
  /** Of an increment: the chain that it continues, and where it begins. */
  readonly parent?: { readonly content: ParentContent; readonly toLsn: string };
  /** Slows the reading down; the program waits while nobody takes its output. */
  limit(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** A run of `mariadb-backup`, file by file, behind what is carried on from the parent. */
export class PhysicalBackup implements AsyncDisposable {
  readonly #options: PhysicalBackupOptions;
  #child: StreamingChild | undefined;
  #items: MbstreamItems | undefined;
  #toLsn: string | undefined;

  constructor(options: PhysicalBackupOptions) {
    this.#options = options;
  }

  /** Known once the entries ended. */
  get toLsn(): string | undefined {
    return this.#toLsn;
  }

  /** @throws ConnectorError with the words of the program when it gave up */
  async *entries(signal: AbortSignal): AsyncGenerator<ItemEntry> {
    const { parent, facts } = this.#options;
    yield rootItem(facts);
    if (parent !== undefined) yield* carriedOn(parent.content);
    yield layerItem(facts.increments);
    const child = streamChild(this.#options.program, this.#arguments(), { signal });
    this.#child = child;
    try {
      this.#items = new MbstreamItems(readMbstream(this.#options.limit(child.stdout)), {
        layer: facts.increments,
        backupId: this.#options.backupId,
        signal,
        spoolDirectory: this.#options.spoolDirectory,
        onWhole: (name, bytes) => {
          if (name === CHECKPOINTS) this.#toLsn = /^to_lsn = (\d+)$/m.exec(bytes.toString('latin1'))?.[1];
        },
      });
      yield* this.#items.entries();
    } catch (error) {
      // A program that gave up broke its stream off; what it said is the reason.
      signal.throwIfAborted();
      await this.#assertCompleted(child);
      throw error;
    }
    await this.#assertCompleted(child);
    if (this.#toLsn === undefined) throw new Error('mariadb-backup delivered no checkpoint');
  }

  async #assertCompleted(child: StreamingChild): Promise<void> {
    child.stdout.resume();
    const code = await child.exit;
    if (code === 0 && child.stderr().includes('completed OK!')) return;
    throw programError('mariadb-backup', 'The backup of the server failed', child.stderr());
  }

  #arguments(): readonly string[] {
    const { connection, dataDirectory, spoolDirectory, parent, facts } = this.#options;
    return [
      ...connection,
      '--backup',
      '--stream=mbstream',
      `--datadir=${dataDirectory}`,
      `--tmpdir=${spoolDirectory}`,
      ...(facts.logOf === 'primary' ? ['--slave-info'] : []),
      ...(parent === undefined ? [] : [`--incremental-lsn=${parent.toLsn}`]),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.[Symbol.asyncDispose]();
    await this.#items?.close();
  }
}

/** The parent's files, which the engine takes over without reading them: their fingerprints are the parent's. */
async function* carriedOn(parent: ParentContent): AsyncGenerator<ItemEntry> {
  for await (const item of parent.items()) {
    if (item.path.length === 0) continue;
    if (item.type === 'directory') yield { item };
    else yield { item: { ...item, content: { kind: 'stream', open: () => parent.read(item.path) } } };
  }
}
