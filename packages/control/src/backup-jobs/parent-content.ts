import type { ParentContent } from '@holdfast/connectors/sdk';
import type { ItemPath, ItemRecord, RecoveryPointReader } from '@holdfast/engine';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';

/** The parent recovery point as a connector may read it: opened when it is first asked for, closed with the session. */
export class ParentReader implements ParentContent {
  readonly #repository: Pick<VaultRepository, 'openRecoveryPoint'>;
  readonly #engineId: string;
  #opening: Promise<RecoveryPointReader> | undefined;
  #isClosed = false;

  constructor(repository: Pick<VaultRepository, 'openRecoveryPoint'>, engineId: string) {
    this.#repository = repository;
    this.#engineId = engineId;
  }

  async *items(under?: ItemPath): AsyncGenerator<ItemRecord> {
    yield* (await this.#open()).items(under);
  }

  async item(path: ItemPath): Promise<ItemRecord | undefined> {
    return (await this.#open()).item(path);
  }

  async *read(path: ItemPath): AsyncGenerator<Uint8Array> {
    yield* (await this.#open()).read(path);
  }

  /** A failed opening is forgotten, so that the next call tries again. */
  #open(): Promise<RecoveryPointReader> {
    if (this.#isClosed) return Promise.reject(new Error('the content of a parent was read after its session ended'));
    if (this.#opening === undefined) {
      const opening = this.#repository.openRecoveryPoint(this.#engineId);
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    // A parent that could not be opened was reported to whoever asked for it.
    const reader = await opening?.catch(() => undefined);
    await reader?.close();
  }
}
