import type { BackupOperations } from '../action.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** A selection as a client sends it and as it is kept. */
export type BackupSelectionDocument = BackupOperations['CreateBackupSelection']['input']['BackupSelection'];

export interface BackupSelectionRecord extends Scope {
  readonly selectionId: string;
  readonly planId: string;
  readonly creatorRequestId?: string;
  readonly createdAt: number;
  readonly document: BackupSelectionDocument;
}

export interface BackupSelectionStore {
  create(selection: BackupSelectionRecord): Promise<void>;
  get(planId: string, selectionId: string): Promise<BackupSelectionRecord | undefined>;
  /** All of a plan, oldest first, ties by selection ID: the order in which selections are evaluated. */
  listOfPlan(planId: string): Promise<readonly BackupSelectionRecord[]>;
  /** Newest first, ties by selection ID. */
  list(planId: string, page: PageRequest): Promise<Page<BackupSelectionRecord>>;
  /** False when there is none. */
  remove(planId: string, selectionId: string): Promise<boolean>;
}
