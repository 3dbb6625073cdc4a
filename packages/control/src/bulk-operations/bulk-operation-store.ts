import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';
import type {
  BulkItemOutcome,
  BulkItemRecord,
  BulkItemState,
  BulkOperationRecord,
  NewBulkOperation,
} from './bulk-operation.ts';

/** The right to work on an operation: nobody else takes it before `until` (ms since the epoch). */
export interface BulkLease {
  /** Unique among all processes that share the catalog. */
  readonly owner: string;
  readonly until: number;
}

export interface BulkOperationStore {
  /** Writes the operation and its items in one transaction; the earlier one when the client token was used before. */
  create(operation: NewBulkOperation, targets: readonly string[]): Promise<BulkOperationRecord>;
  get(scope: Scope, operationId: string): Promise<BulkOperationRecord | undefined>;
  /** Newest first. */
  list(scope: Scope, page: PageRequest): Promise<Page<BulkOperationRecord>>;
  /** In the order of the request. */
  listItems(operationId: string, state: BulkItemState | undefined, page: PageRequest): Promise<Page<BulkItemRecord>>;
  /** Takes the oldest operation that is not over and that nobody works on at `now`. */
  claim(lease: BulkLease, now: number): Promise<BulkOperationRecord | undefined>;
  /**
   * Marks the next item that is not over as begun, and says whether it had been begun before; undefined when there is
   * none, when a stop was asked for, or when another process has taken the operation.
   */
  beginItem(
    operationId: string,
    lease: BulkLease,
  ): Promise<{ readonly item: BulkItemRecord; readonly isRepeated: boolean } | undefined>;
  /** Writes how an item ended and counts it. */
  endItem(operationId: string, sequence: number, outcome: BulkItemOutcome, endedAt: number): Promise<void>;
  /** Asks for an end before the next item; false when there is no such operation under way. */
  requestStop(scope: Scope, operationId: string): Promise<boolean>;
  /** Ends an operation that `owner` works on; items that are not over are skipped. */
  end(operationId: string, owner: string, endedAt: number): Promise<void>;
  /** Gives an operation back before its lease is over, so that another process goes on at once. */
  release(operationId: string, owner: string): Promise<void>;
}
