import type { Authority } from './authority/authority.ts';
import type { ItemEntry, ItemIssue, ItemPath, ItemRecord } from './content/item-record.ts';
import type { KeyProvider } from './keys/key-provider.ts';
import type { AppendLogOutcome, AppendLogRequest, LogReader } from './log/log-stream.ts';
import type {
  PolicyFacts,
  RecoveryPointRetention,
  RecoveryPointSummary,
  SealedRecoveryPoint,
} from './point/recovery-point.ts';
import type { Refusal } from './retention/refusal.ts';
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

/** What every backup needs, whatever its content. */
export interface BackupRequest {
  /** 1 to 64 characters of `A-Z`, `a-z`, `0-9`, `.`, `_`, `-`, `:`; new in this vault. */
  readonly recoveryPointId: string;
  /** A recovery point of this vault whose unchanged content is taken over. */
  readonly parentId?: string;
  readonly retention: RecoveryPointRetention;
  readonly facts: PolicyFacts;
  readonly signal?: AbortSignal;
  /** Called at most every 250 ms of work, and once at the end. */
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** A parent's content is reused where fingerprints are equal. */
export interface BackupItemsRequest extends BackupRequest {
  readonly entries: AsyncIterable<ItemEntry>;
}

/**
 * A run of bytes of an image, as its source knows them: `data` must be read, `zero` reads as zeros, `unchanged` is as it
 * was when the parent was made.
 */
export interface ImageExtent {
  readonly offset: number;
  readonly length: number;
  readonly state: 'data' | 'zero' | 'unchanged';
}

export interface BackupImageRequest extends BackupRequest {
  readonly sizeBytes: number;
  /** A power of two from 64 KiB to 4 MiB; default 1 MiB. With another size than the parent's nothing is reused. */
  readonly blockBytes?: number;
  /** A file or device that the payload threads read (never through a symbolic link), or a reader for what they cannot. */
  readonly source:
    | { readonly kind: 'local-file'; readonly path: Uint8Array }
    | { readonly kind: 'reader'; read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> };
  /** In order, without gaps or overlaps. Absent: everything is read. */
  readonly extents?: AsyncIterable<ImageExtent>;
  /**
   * How sure `unchanged` is. Below `certain`, one block in a hundred of the unchanged is read all the same, another one
   * in each run; when one of them did change, the hints are dropped, everything is read, and an issue
   * (`change-tracking-wrong`) says so.
   */
  readonly confidence?: 'certain' | 'likely';
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
  /**
   * Compare with what the files hold, of an older state or from a restore that was cut off, and fetch only what differs.
   * Begun again like this, a restore goes on where it was killed: nothing else remembers how far it was.
   */
  readonly overExisting: boolean;
  done(file: FileToWrite, outcome: { readonly bytes: number; readonly issue?: ItemIssue }): void;
}

/** An open recovery point; a read lease keeps it from being deleted until `close`. */
export interface RecoveryPointReader extends AsyncDisposable {
  readonly summary: RecoveryPointSummary;
  /**
   * Items in path order; `under` limits to one subtree (the item itself included), `from` leaves out what stands before
   * that path, so that a walk can be continued. Their `content` is absent.
   */
  items(under?: ItemPath, from?: ItemPath): AsyncIterable<ItemRecord>;
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

/** An open image; a read lease keeps it from being deleted until `close`. */
export interface ImageReader extends AsyncDisposable {
  readonly summary: RecoveryPointSummary;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  /** Holes and data in order; touching runs of one kind are joined. */
  extents(
    from?: number,
    to?: number,
  ): AsyncIterable<{ readonly offset: number; readonly length: number; readonly isHole: boolean }>;
  read(range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
  /**
   * Writes the image into a local file, which is made or emptied; holes stay holes. Every chunk is verified. With
   * `overExisting` the file keeps what it holds of the image, by comparison of every block, and only the rest is fetched:
   * for a disk that is set back, and for a restore that was cut off and is begun again.
   * @throws EngineError `damaged`, naming the chunk; whatever the file system says
   */
  writeFile(
    path: Uint8Array,
    options: { readonly signal: AbortSignal; readonly overExisting?: boolean; onBytes?(bytes: number): void },
  ): Promise<void>;
  close(): Promise<void>;
}

/** What a deletion would do, and why it may be refused; who reads a recovery point is known only when it is deleted. */
export interface DeletePlan {
  readonly deletes: readonly { readonly recoveryPointId: string; readonly logicalBytes: number }[];
  readonly refusals: readonly Refusal[];
}

/** `remedyFor` says of each refusal whether waiting helps. */
export interface DeleteOutcome {
  readonly deleted: readonly string[];
  readonly refused: readonly Refusal[];
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
  /**
   * Backs up a disk or another image of fixed blocks. Costs what changed: unchanged parts of the parent's map are shared.
   * @throws EngineError as `backupItems`; any error of the reader
   */
  backupImage(request: BackupImageRequest): Promise<SealedRecoveryPoint>;
  /** @throws EngineError `not-found`, `invalid-argument` (not an image), `damaged`, `unsupported` */
  openImage(recoveryPointId: string): Promise<ImageReader>;
  /** @throws EngineError `not-found`, `invalid-argument` (an image), `damaged`, `unsupported` */
  openRecoveryPoint(recoveryPointId: string): Promise<RecoveryPointReader>;
  /**
   * Appends segments to a log stream and commits its new state. One append at a time per stream: the second of two that
   * run at once fails with `already-exists`, and may be repeated.
   * @throws EngineError `invalid-argument` (times going backwards), `already-exists`
   */
  appendLog(request: AppendLogRequest): Promise<AppendLogOutcome>;
  /** @throws EngineError `not-found` when nothing was ever appended */
  openLog(streamId: string): Promise<LogReader>;
  /** Committed recovery points in order of identifier. */
  recoveryPoints(): AsyncIterable<RecoveryPointSummary>;
  /** Says what deleting would do; changes nothing. */
  planDelete(recoveryPointIds: readonly string[]): Promise<DeletePlan>;
  /**
   * Deletes what the plan names. A lock, a hold or a reader that came meanwhile is refused here as well, whoever asks.
   * Space is freed by collection.
   */
  executeDelete(plan: DeletePlan): Promise<DeleteOutcome>;
  /** Stops the worker threads; open readers and backups fail. */
  close(): Promise<void>;
}
