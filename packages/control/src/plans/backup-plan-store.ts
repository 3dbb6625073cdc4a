import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';
import type {
  BackupPlanDocument,
  BackupPlanRecord,
  BackupPlanVersionRecord,
  MissedOccurrences,
  RuleCursor,
} from './backup-plan.ts';

/** What an update writes. */
export interface NewBackupPlanVersion {
  readonly versionId: string;
  readonly createdAt: number;
  readonly document: BackupPlanDocument;
  /** The cursors of all rules of the new version; those of rules that are gone are removed. */
  readonly cursors: readonly RuleCursor[];
}

/** Plans, their versions and the cursors of their rules. Callers combine calls in `TransactionPort.transaction`. */
export interface BackupPlanStore {
  /** Writes the plan, its first version, its cursors and its tags in one transaction. */
  create(plan: BackupPlanRecord, cursors: readonly RuleCursor[], tags: Tags): Promise<void>;
  /** Deleted plans included. */
  get(scope: Scope, planId: string): Promise<BackupPlanRecord | undefined>;
  /** Among the plans of the account's users; those of an organisation have names of their own. */
  findLiveByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined>;
  /** Among the live plans that an organisation manages. */
  findManagedByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined>;
  /** All live plans, of all scopes, that an organisation manages, by plan ID. */
  listManaged(page: PageRequest): Promise<Page<BackupPlanRecord>>;
  findLiveByCreatorRequestId(scope: Scope, creatorRequestId: string): Promise<BackupPlanRecord | undefined>;
  countLive(scope: Scope): Promise<number>;
  /** Newest first, ties by plan ID. */
  list(scope: Scope, options: { readonly includeDeleted: boolean }, page: PageRequest): Promise<Page<BackupPlanRecord>>;
  getVersion(planId: string, versionId: string): Promise<BackupPlanVersionRecord | undefined>;
  countVersions(planId: string): Promise<number>;
  /** Newest first. */
  listVersions(planId: string, page: PageRequest): Promise<Page<BackupPlanVersionRecord>>;
  /** Makes the version the current one. */
  addVersion(planId: string, version: NewBackupPlanVersion): Promise<void>;
  /** Marks the plan as deleted and removes its cursors, so that it fires no more. Versions and tags: see API-67. */
  markDeleted(planId: string, deletedAt: number): Promise<void>;

  listCursors(planId: string): Promise<readonly RuleCursor[]>;
  /** Plans of all scopes with a rule whose next occurrence has come, earliest occurrence first. */
  listDuePlans(now: number, limit: number): Promise<readonly BackupPlanRecord[]>;
  /** Moves cursors on. */
  saveCursors(cursors: readonly RuleCursor[]): Promise<void>;
  recordExecution(planId: string, executedAt: number): Promise<void>;
  recordMissed(missed: readonly MissedOccurrences[]): Promise<void>;
  /** Newest first. */
  listMissed(planId: string, page: PageRequest): Promise<Page<MissedOccurrences>>;
}
