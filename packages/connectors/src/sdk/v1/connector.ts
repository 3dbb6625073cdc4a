/**
 * The connector contract, version 1: what stands between Holdfast and a kind of resource.
 *
 * A connector is a stateful handle. `open` reaches a source; `openBackup` makes one resource consistent and holds that
 * consistent point with a live connection until `release`; `openRestore` builds a new resource (or writes into an
 * existing one) from a recovery point. Connectors know nothing of plans, vaults, jobs or HTTP.
 */
import type { ItemEntry, ItemIssue, ItemPath, ItemRecord } from '@holdfast/engine';
import type { z } from 'zod';
import type {
  BaseLogFacts,
  ContinuousNature,
  LogCapture,
  LogCaptureRequest,
  ParentContent,
  PointInTime,
} from './continuous.ts';

/** The words of the AWS API for resource types. */
export type ResourceType =
  | 'Aurora'
  | 'CloudFormation'
  | 'DocumentDB'
  | 'DynamoDB'
  | 'EBS'
  | 'EC2'
  | 'EFS'
  | 'FSx'
  | 'Neptune'
  | 'RDS'
  | 'Redshift'
  | 'S3'
  | 'SAP HANA on Amazon EC2'
  | 'Storage Gateway'
  | 'Timestream'
  | 'VirtualMachine';

/** What the connector can do, as declared properties; callers ask these and never the connector's kind. */
export interface ConnectorAbilities {
  /** Unchanged content of a parent recovery point is not read again. */
  readonly incremental: boolean;
  readonly itemLevelRestore: boolean;
  /** How continuous backup works; absent: snapshots only. */
  readonly continuous?: ContinuousNature;
}

/** A source as configured: settings are validated by the connector's schema, secrets are resolved by the caller. */
export interface SourceConfiguration<Settings> {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly settings: Settings;
  /** Resolves a secret reference (`env:NAME`, `file:PATH`, `key:ID`); the value must never reach logs or messages. */
  secret(reference: string): Promise<string>;
}

export interface ConnectorContext {
  /** The current time in ms since the epoch, injected. */
  now(): number;
  /** A new random identifier with the given prefix, for example `fs-` and 17 hexadecimal digits. */
  newId(prefix: string): string;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, fields?: Record<string, unknown>) => void;
  /** A directory of this source in which the connector may keep small state between runs. */
  readonly stateDirectory: string;
  /** Absolute path where restores of this source create new resources, unless the source's settings name another. */
  readonly restoreDirectory: string;
  /**
   * Holdfast's own directories (data directory, local vault stores): never part of a backup, so that a source which
   * contains them does not back up its own backups. `restoreDirectory` may lie below one of them.
   */
  readonly holdfastDirectories: readonly string[];
}

/** A resource found at a source. */
export interface DiscoveredResource {
  readonly arn: string;
  readonly resourceType: ResourceType;
  readonly name: string;
  /** Where it is on this machine, when it is a directory or file. */
  readonly path?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Estimated size, or undefined when finding out would cost a full read. */
  readonly sizeBytes?: number;
  /** Whether it can be backed up now (running, mounted, reachable), and why not. */
  readonly status: 'available' | 'unavailable';
  readonly statusMessage?: string;
  readonly createdAt?: number;
}

export interface CheckFinding {
  readonly what: string;
  readonly ok: boolean;
  /** True when backups work in spite of a finding that is not ok, and lose only what the finding says. */
  readonly advisory?: boolean;
  /** What to do about it; required when not ok. */
  readonly hint?: string;
}

/** What the parent recovery point knew, for connectors that find changes by themselves (dirty bitmaps, LSNs). */
export interface ParentState {
  readonly recoveryPointArn: string;
  /** The bytes that this connector returned as `state` when the parent was made. */
  readonly state?: Uint8Array;
  /** What the parent holds; readable until the session is released. Absent when it cannot be read now (cold). */
  readonly content?: ParentContent;
}

export interface BackupRequest {
  readonly resourceArn: string;
  /** A snapshot's parent may be the base of a continuous backup, and the parent of the first base a snapshot. */
  readonly parent?: ParentState;
  /** `BackupOptions` of the API, for example `WindowsVSS`. */
  readonly options: Readonly<Record<string, string>>;
  /**
   * Present when the base of a continuous backup is made: what ended before this time in ms need not be kept. Absent for
   * a snapshot.
   */
  readonly continuous?: { readonly keepFromAt: number };
  readonly signal: AbortSignal;
}

/** A consistent point of one resource, held open. */
export interface BackupSession {
  readonly kind: 'items';
  /** The expected total in bytes and items, when known, for the progress that clients see. */
  readonly estimate?: { readonly bytes?: number; readonly items?: number };
  /** What GetRecoveryPointRestoreMetadata answers for this recovery point. */
  readonly restoreMetadata: Readonly<Record<string, string>>;
  /** Time of the consistent point in ms, when it differs from the start of the job. */
  readonly consistentAt?: number;
  /** Of connectors with a log, known once `entries` ended: what a restore to a later time needs. */
  log?(): Promise<BaseLogFacts>;
  /**
   * Everything of the resource, in path order, the root item first; ends when all was delivered, throws when the
   * source is lost or the signal aborts. Iterated at most once. What cannot be read arrives as an issue in its place.
   */
  entries(signal: AbortSignal): AsyncIterable<ItemEntry>;
  /** State for the next run's `ParentState`, asked after `entries` ended. */
  state?(): Promise<Uint8Array | undefined>;
  /** Always called, once: gives the consistent point free. `stored` says whether the recovery point was committed. */
  release(outcome: { readonly stored: boolean }): Promise<void>;
}

/** Reading side of a recovery point as the engine offers it to a restore. */
export interface RecoveryPointContent {
  /** Items in path order; `under` limits to one subtree (the item itself included). */
  items(under?: ItemPath): AsyncIterable<ItemRecord>;
  item(path: ItemPath): Promise<ItemRecord | undefined>;
  /** The content of one item as a stream, for targets that are not local files. */
  read(path: ItemPath, range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
  /**
   * Writes the content of many items into local files that exist and are empty or hold older content; payload stays in
   * worker threads, holes stay holes, every item's checksum is verified. `done` is called once per file, and not at
   * all for files that a rejection or an abort left unfinished.
   */
  writeFiles(files: AsyncIterable<FileToWrite>, options: WriteFilesOptions): Promise<void>;
}

export interface FileToWrite {
  /** The item whose content is wanted; the same item may be written into several files. */
  readonly item: ItemPath;
  /**
   * The file's path, opened for writing exactly as given and without O_NOFOLLOW: callers hand over
   * `/proc/self/fd/<n>` of a file that they created and keep open, so that nobody can swap it for a link meanwhile
   * and its directory may lie deeper than PATH_MAX.
   */
  readonly file: Uint8Array;
}

export interface WriteFilesOptions {
  readonly signal: AbortSignal;
  /** Compare with what the file holds and move only what differs; the file ends with the item's length. */
  readonly overExisting: boolean;
  /** `bytes`: logical bytes of the item now in the file. An issue with `dataMissing` says the content is not all there. */
  done(item: FileToWrite, outcome: { readonly bytes: number; readonly issue?: ItemIssue }): void;
}

export interface RestoreRequest {
  readonly recoveryPointArn: string;
  readonly sourceResourceArn: string;
  /** The restore metadata of the StartRestoreJob request, validated by `restoreSchema`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly content: RecoveryPointContent;
  /** The wanted moment; absent for a snapshot and then `content` is the state to restore. */
  readonly pointInTime?: PointInTime;
  /** Identifies the job; a second call with the same id continues what the first one began. */
  readonly jobId: string;
  /** The restore job's creation time in ms, for names such as `aws-backup-restore_<datetime>`. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
  /** Totals since the restore began (not differences); a message describes what happens now. */
  progress(update: { readonly bytes: number; readonly items: number; readonly message?: string }): void;
  issue(issue: ItemIssue): void;
}

export interface RestoreOutcome {
  readonly createdResourceArn: string;
  /** The resource as the catalog should know it, when the restore made a new one. */
  readonly resource?: DiscoveredResource;
  /** What the job's status message should tell the caller, for example metadata that has no meaning here. */
  readonly message?: string;
}

/** An opened source. */
export interface Connector extends AsyncDisposable {
  /** Proves that the source can be reached with the rights it needs. */
  check(signal: AbortSignal): Promise<readonly CheckFinding[]>;
  discover(signal: AbortSignal): AsyncIterable<DiscoveredResource>;
  /**
   * Makes one resource consistent.
   * @throws ConnectorError `not-found` for a resource that is not of this source, `unavailable` when it cannot be read
   */
  openBackup(request: BackupRequest): Promise<BackupSession>;
  /**
   * Captures the log of one resource; connectors of nature `log` have it. Without `after` it begins now, and what a base
   * that starts after this call resolved needs is captured. Only one capture of a resource is open at a time.
   * @throws ConnectorError `log-broken`, `denied` or `unavailable` with the cure
   */
  openLogCapture?(request: LogCaptureRequest): Promise<LogCapture>;
  /**
   * Ends continuous backup of a resource for good: removes slots, accounts and settings that captures left at the
   * source. Idempotent; connectors of nature `log` have it.
   */
  endLogCapture?(resourceArn: string, signal: AbortSignal): Promise<void>;
  /**
   * The same for connectors of nature `versions` that leave something at the source, such as subscriptions.
   * @param state what the last base that was stored returned as `state`
   */
  endVersionCapture?(resourceArn: string, state: Uint8Array | undefined, signal: AbortSignal): Promise<void>;
  /**
   * Builds a new resource or writes into an existing one; what could not be restored goes to `request.issue`.
   * @throws ConnectorError when nothing useful can be restored; `signal`'s reason when aborted
   */
  restore(request: RestoreRequest): Promise<RestoreOutcome>;
  /**
   * Removes a resource that an earlier restore of this source created.
   * @throws ConnectorError `denied` for a resource that no restore created, `not-found` for an unknown one
   */
  deleteRestored(resourceArn: string, signal: AbortSignal): Promise<void>;
}

/** A key of the restore metadata (matched without regard to case): what a form shows and StartRestoreJob validates. */
export interface RestoreField {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly values?: readonly string[];
  readonly defaultValue?: string;
}

export interface ConnectorDescriptor<Settings = unknown> {
  /** The word after `holdfast source add`. */
  readonly kind: string;
  readonly title: string;
  readonly resourceTypes: readonly ResourceType[];
  readonly abilities: ConnectorAbilities;
  readonly settings: z.ZodType<Settings>;
  readonly restoreFields: readonly RestoreField[];
  /**
   * Checks restore metadata before a job is made.
   * @throws ConnectorError with class `invalid-request` naming the key.
   */
  validateRestoreMetadata(metadata: Readonly<Record<string, string>>): void;
  /**
   * The moment that the restore metadata asks for, in ms, or `latest`; undefined when they name none.
   * @throws ConnectorError `invalid-request` for a time that is none
   */
  restoreTime?(metadata: Readonly<Record<string, string>>): number | 'latest' | undefined;
  open(source: SourceConfiguration<Settings>, context: ConnectorContext): Promise<Connector>;
}
