import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { WriteLease } from './authority/authority.ts';
import { AuthorityError } from './authority/authority-error.ts';
import { type BackupContext, ItemsBackup, summaryOf } from './backup/backup-items.ts';
import { executeDelete, planDelete } from './delete-points.ts';
import { EngineError } from './engine-error.ts';
import { checkRecoveryPointId } from './point/point-object.ts';
import type { RecoveryPointSummary, SealedRecoveryPoint } from './point/recovery-point.ts';
import { ItemsReader } from './read/recovery-point-reader.ts';
import type {
  BackupItemsRequest,
  CreateRepositoryOptions,
  DeleteOutcome,
  DeletePlan,
  RecoveryPointReader,
  Repository,
  RepositoryOptions,
} from './repository.ts';
import type { VaultParts } from './retention/vault-parts.ts';
import { createVault, openVault, readPoint, type Vault, type VaultOptions } from './vault.ts';
import { PayloadWorkers } from './worker/payload-workers.ts';

const MEMORY_BYTES = 512 * 1024 * 1024;
const LEASE_MS = 120_000;
const COMPRESSION_LEVEL = 1;
const PAGE = 100;

function vaultOptions(options: RepositoryOptions): VaultOptions {
  const { store, keyProvider, authority } = options;
  const random = options.random ?? ((count: number) => randomBytes(count));
  const holder = options.holder ?? `${hostname()}/${process.pid}`;
  const leaseMs = options.limits?.leaseMs ?? LEASE_MS;
  return { store, keyProvider, authority, random, holder, leaseMs, clock: options.clock ?? Date.now };
}

/**
 * Makes a new vault in an empty store.
 * @throws StoreError `already-exists` when there is one
 */
export async function createRepository(options: CreateRepositoryOptions): Promise<Repository> {
  return new EngineRepository(await createVault(vaultOptions(options), options), options);
}

/**
 * Opens the vault of a store.
 * @throws EngineError `not-found` when there is none; KeyError when the key provider lacks its key
 */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  return new EngineRepository(await openVault(vaultOptions(options)), options);
}

/** A repository on this process's payload threads, which start with the first backup or restore. */
class EngineRepository implements Repository {
  readonly #vault: Vault;
  readonly #options: RepositoryOptions;
  #ownWorkers: PayloadWorkers | undefined;
  #isClosed = false;

  constructor(vault: Vault, options: RepositoryOptions) {
    this.#vault = vault;
    this.#options = options;
  }

  get vaultId(): string {
    return this.#vault.vaultId;
  }

  get parts(): VaultParts {
    return this.#vault;
  }

  get #workers(): PayloadWorkers {
    if (this.#isClosed) throw new EngineError('closed', `vault ${this.vaultId} was closed`);
    if (this.#options.workers !== undefined) return this.#options.workers;
    this.#ownWorkers ??= new PayloadWorkers(this.#options.limits?.threads, 1);
    return this.#ownWorkers;
  }

  #context(): BackupContext {
    return {
      vault: this.#vault,
      workers: this.#workers,
      memoryBytes: this.#options.limits?.memoryBytes ?? MEMORY_BYTES,
      compressionLevel: COMPRESSION_LEVEL,
    };
  }

  async backupItems(request: BackupItemsRequest): Promise<SealedRecoveryPoint> {
    checkRecoveryPointId(request.recoveryPointId);
    request.signal?.throwIfAborted();
    const context = this.#context();
    const { authority } = this.#vault;
    const lease = await this.#acquireWriteLease(request.recoveryPointId);
    try {
      if (request.parentId === undefined) return await new ItemsBackup(context, request, lease).run(undefined);
      const parentLease = await this.#acquireReadLease(request.parentId);
      const renewal = setInterval(() => {
        // A parent lease that lapses makes the commit fail, which is where it matters.
        authority.renewReadLease(parentLease, this.#vault.leaseMs).catch(() => clearInterval(renewal));
      }, this.#vault.leaseMs / 3);
      renewal.unref();
      try {
        const parent = await readPoint(this.#vault, request.parentId);
        return await new ItemsBackup(context, request, lease).run(parent);
      } finally {
        clearInterval(renewal);
        await authority.releaseReadLease(parentLease);
      }
    } finally {
      await authority.releaseWriteLease(lease);
    }
  }

  async #acquireWriteLease(recoveryPointId: string): Promise<WriteLease> {
    try {
      const request = {
        vaultId: this.vaultId,
        recoveryPointId,
        holder: this.#vault.holder,
        ttlMs: this.#vault.leaseMs,
      };
      return await this.#vault.authority.acquireWriteLease(request);
    } catch (error) {
      if (!(error instanceof AuthorityError) || error.code !== 'already-exists') throw error;
      throw new EngineError('already-exists', error.message, { cause: error });
    }
  }

  async #acquireReadLease(recoveryPointId: string) {
    try {
      const request = {
        vaultId: this.vaultId,
        recoveryPointId,
        holder: this.#vault.holder,
        ttlMs: this.#vault.leaseMs,
      };
      return await this.#vault.authority.acquireReadLease(request);
    } catch (error) {
      if (!(error instanceof AuthorityError) || error.code !== 'not-found') throw error;
      throw new EngineError('not-found', error.message, { cause: error });
    }
  }

  async openRecoveryPoint(recoveryPointId: string): Promise<RecoveryPointReader> {
    const lease = await this.#acquireReadLease(recoveryPointId);
    try {
      const point = await readPoint(this.#vault, recoveryPointId);
      return await ItemsReader.open(this.#vault, this.#workers, point, lease);
    } catch (error) {
      await this.#vault.authority.releaseReadLease(lease);
      throw error;
    }
  }

  async *recoveryPoints(): AsyncGenerator<RecoveryPointSummary> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#vault.authority.recoveryPoints(this.vaultId, after, PAGE);
      for (const { recoveryPointId } of page) yield summaryOf((await readPoint(this.#vault, recoveryPointId)).body);
      after = page.at(-1)?.recoveryPointId;
      if (after === undefined) return;
    }
  }

  planDelete(recoveryPointIds: readonly string[]): Promise<DeletePlan> {
    return planDelete(this.#vault, recoveryPointIds);
  }

  executeDelete(plan: DeletePlan): Promise<DeleteOutcome> {
    return executeDelete(this.#vault, plan);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#ownWorkers?.close();
    this.#ownWorkers = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
