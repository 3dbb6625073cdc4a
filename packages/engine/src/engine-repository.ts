import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { WriteLease } from './authority/authority.ts';
import { AuthorityError } from './authority/authority-error.ts';
import { backupImage, checkImageRequest } from './backup/backup-image.ts';
import { backupItems, parentTree } from './backup/backup-items.ts';
import { type BackupContext, BackupRun, summaryOf } from './backup/backup-run.ts';
import { EngineError } from './engine-error.ts';
import { type LogCounts, logEntries } from './log/log-entries.ts';
import type { AppendLogOutcome, AppendLogRequest, LogReader } from './log/log-stream.ts';
import { StoredLogReader } from './log/stored-log-reader.ts';
import { checkStreamId, generationOf, streamPointId, streamPoints } from './log/stream-points.ts';
import { checkRecoveryPointId } from './point/point-object.ts';
import type { RecoveryPointSummary, SealedRecoveryPoint } from './point/recovery-point.ts';
import { HeldPoint } from './read/held-point.ts';
import { StoredImageReader } from './read/image-reader.ts';
import { ItemsReader } from './read/recovery-point-reader.ts';
import type {
  BackupImageRequest,
  BackupItemsRequest,
  BackupRequest,
  CreateRepositoryOptions,
  DeleteOutcome,
  DeletePlan,
  ImageReader,
  RecoveryPointReader,
  Repository,
  RepositoryOptions,
} from './repository.ts';
import { executeDelete, planDelete } from './retention/delete-points.ts';
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

  backupItems(request: BackupItemsRequest): Promise<SealedRecoveryPoint> {
    return this.#backup(request, (run) => backupItems(run, request, 'items'));
  }

  backupImage(request: BackupImageRequest): Promise<SealedRecoveryPoint> {
    checkImageRequest(request);
    return this.#backup(request, (run) => backupImage(run, request));
  }

  async appendLog(request: AppendLogRequest): Promise<AppendLogOutcome> {
    checkStreamId(request.streamId);
    const older = await streamPoints(this.#vault, request.streamId);
    const parentId = older.at(-1);
    const generation = parentId === undefined ? 1 : generationOf(parentId) + 1;
    const counts: LogCounts = { appended: 0, dropped: 0 };
    const { segments: _, streamId, ...rest } = request;
    const recoveryPointId = streamPointId(streamId, generation);
    const point = { ...rest, recoveryPointId, ...(parentId === undefined ? {} : { parentId }) };
    const sealed = await this.#backup(point, (run) => {
      const entries = logEntries(parentTree(run), request, counts);
      return backupItems(run, { ...point, entries }, 'log');
    });
    // What is locked or held stays until a later append finds it free.
    await this.executeDelete(await this.planDelete(older));
    const { issues, statistics } = sealed;
    return { recoveryPointId, ...counts, storedBytes: statistics.storedBytes, issues };
  }

  async openLog(streamId: string): Promise<LogReader> {
    checkStreamId(streamId);
    const newest = (await streamPoints(this.#vault, streamId)).at(-1);
    if (newest === undefined) throw new EngineError('not-found', `there is no log stream ${streamId} in this vault`);
    const items = await this.#open(newest, (held) => ItemsReader.open(this.#vault, this.#workers, held));
    return new StoredLogReader(items);
  }

  /** Runs a backup under a write lease, and a read lease on its parent. */
  async #backup(
    request: BackupRequest,
    write: (run: BackupRun) => Promise<SealedRecoveryPoint>,
  ): Promise<SealedRecoveryPoint> {
    checkRecoveryPointId(request.recoveryPointId);
    request.signal?.throwIfAborted();
    const context = this.#context();
    const lease = await this.#acquireWriteLease(request.recoveryPointId);
    try {
      await using parent = request.parentId === undefined ? undefined : await this.#holdPoint(request.parentId);
      using run = await BackupRun.open(context, request, lease, parent?.point);
      const onAbort = () => run.session.fail(request.signal?.reason);
      request.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        request.signal?.throwIfAborted();
        return await write(run);
      } finally {
        request.signal?.removeEventListener('abort', onAbort);
      }
    } finally {
      await this.#vault.authority.releaseWriteLease(lease);
    }
  }

  async #holdPoint(recoveryPointId: string): Promise<HeldPoint> {
    return HeldPoint.open(this.#vault, recoveryPointId);
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

  async openRecoveryPoint(recoveryPointId: string): Promise<RecoveryPointReader> {
    return this.#open(recoveryPointId, (held) => ItemsReader.open(this.#vault, this.#workers, held));
  }

  async openImage(recoveryPointId: string): Promise<ImageReader> {
    return this.#open(recoveryPointId, (held) => StoredImageReader.open(this.#vault, this.#workers, held));
  }

  async #open<R>(recoveryPointId: string, open: (held: HeldPoint) => Promise<R>): Promise<R> {
    const held = await this.#holdPoint(recoveryPointId);
    try {
      return await open(held);
    } catch (error) {
      await held.release();
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
