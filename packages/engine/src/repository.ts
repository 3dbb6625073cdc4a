import type { Authority } from './authority/authority.ts';
import type { ItemEntry, ItemIssue, ItemPath, ItemRecord } from './content/item-record.ts';
import type { KeyProvider } from './keys/key-provider.ts';
import type {
  PolicyFacts,
  RecoveryPointRetention,
  RecoveryPointSummary,
  SealedRecoveryPoint,
} from './point/recovery-point.ts';
import type { VaultParts } from './retention/vault-parts.ts';
import type { Store } from './store/store.ts';
import type { PayloadWorkers } from './worker/payload-workers.ts';

/** Bounds of what a repository may use; all have defaults. */
export interface RepositoryLimits {
  /** All memory of the engine, worker threads included, in bytes. Default 512 MiB. */
  readonly memoryBytes: number;
  /** Worker threads. Default: the number of processors, at most 8. */
  readonly threads: number;
  /** How long a lease lasts without renewal, in ms. Default 120,000. */
  readonly leaseMs: number;
}

/** Everything that a repository needs from outside. */
export interface RepositoryOptions {
  readonly store: Store;
  readonly keyProvider: KeyProvider;
  readonly authority: Authority;
  /** Current time in ms since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** `count` random bytes. Default: the system's generator. */
  readonly random?: (count: number) => Uint8Array;
  readonly limits?: Partial<RepositoryLimits>;
  /**
   * Payload threads to share with other repositories of this process. Default: threads of its own, which start with the
   * first backup or restore and stop with `close`.
   */
  readonly workers?: PayloadWorkers;
  /** Named in leases. Default: host and process. */
  readonly holder?: string;
}

export interface CreateRepositoryOptions extends RepositoryOptions {
  /**
   * 32 bytes that key the chunk IDs. Vaults with the same key can be compared without reading data; give all vaults of
   * one account the same. Default: random.
   */
  readonly idDomainKey?: Uint8Array;
  /** 32 hexadecimal digits that were never used for another vault. Default: random. */
  readonly vaultId?: string;
}

export interface BackupProgress {
  readonly itemCount: number;
  readonly logicalBytes: number;
  readonly readBytes: number;
  readonly storedBytes: number;
  readonly issueCount: number;
}

export interface BackupItemsRequest {
  /** 1 to 64 characters of `A-Z`, `a-z`, `0-9`, `.`, `_`, `-`, `:`; new in this vault. */
  readonly recoveryPointId: string;
  /** A recovery point of this vault whose content is reused where fingerprints are equal. */
  readonly parentId?: string;
  readonly retention: RecoveryPointRetention;
  readonly facts: PolicyFacts;
  readonly entries: AsyncIterable<ItemEntry>;
  readonly signal?: AbortSignal;
  /** Called at most every 250 ms of work, and once at the end. */
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface DirectoryPage {
  readonly items: readonly ItemRecord[];
  /** Give it back to get the next page; absent on the last page. */
  readonly cursor?: string;
}

/** A file to be written by a restore: an item of the recovery point and the path of a local file. */
export interface FileToWrite {
  readonly item: ItemPath;
  readonly file: Uint8Array;
}

export interface WriteFilesOptions {
  readonly signal: AbortSignal;
  /** Compare with what the file holds and move only what differs. */
  readonly overExisting: boolean;
  done(item: ItemPath, outcome: { readonly bytes: number; readonly issue?: ItemIssue }): void;
}

/** An open recovery point; a read lease keeps it from being deleted until `close`. */
export interface RecoveryPointReader extends AsyncDisposable {
  readonly summary: RecoveryPointSummary;
  /** Items in path order; `under` limits to one subtree (the item itself included). Their `content` is absent. */
  items(under?: ItemPath): AsyncIterable<ItemRecord>;
  item(path: ItemPath): Promise<ItemRecord | undefined>;
  /** The direct children of a directory in byte order of names, `limit` (at most 1,000) at a time. */
  list(path: ItemPath, cursor: string | undefined, limit: number): Promise<DirectoryPage>;
  /** @throws EngineError `not-found` when there is no such item or it has no content */
  read(path: ItemPath, range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
  /**
   * Writes contents into local files that exist and are empty or hold older content. Payload stays in worker threads,
   * holes stay holes, the checksum of each item is verified. `done` is called once per file, also when it failed.
   */
  writeFiles(files: AsyncIterable<FileToWrite>, options: WriteFilesOptions): Promise<void>;
  issues(): AsyncIterable<ItemIssue>;
  close(): Promise<void>;
}

/** What a deletion would do, and why it may be refused. */
export interface DeletePlan {
  readonly deletes: readonly { readonly recoveryPointId: string; readonly logicalBytes: number }[];
  readonly refusals: readonly {
    readonly recoveryPointId: string;
    readonly reason: 'not-found' | 'locked' | 'held';
    readonly message: string;
  }[];
}

export interface DeleteOutcome {
  readonly deleted: readonly string[];
  readonly refused: readonly { readonly recoveryPointId: string; readonly message: string }[];
}

/** One vault's bytes: packs, index and recovery points in one store, under one set of keys. */
export interface Repository extends AsyncDisposable {
  /** 32 hexadecimal digits. */
  readonly vaultId: string;
  /** What the operations on a whole vault take: collection, retention, verification, copies, recovery. */
  readonly parts: VaultParts;
  /**
   * Reads, stores and commits. Resolves only after the authority committed; rejects with nothing committed.
   * @throws EngineError `already-exists`, `not-found` (parent), `invalid-argument` (entries out of order)
   */
  backupItems(request: BackupItemsRequest): Promise<SealedRecoveryPoint>;
  /** @throws EngineError `not-found`, `damaged`, `unsupported` */
  openRecoveryPoint(recoveryPointId: string): Promise<RecoveryPointReader>;
  /** Committed recovery points in order of identifier. */
  recoveryPoints(): AsyncIterable<RecoveryPointSummary>;
  /** Says what deleting would do; changes nothing. */
  planDelete(recoveryPointIds: readonly string[]): Promise<DeletePlan>;
  /** Deletes what the plan names; a lock or hold that came meanwhile is refused here as well. Space is freed by collection. */
  executeDelete(plan: DeletePlan): Promise<DeleteOutcome>;
  /** Stops the worker threads; open readers and backups fail. */
  close(): Promise<void>;
}
