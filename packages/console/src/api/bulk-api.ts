/** Bulk operations: one request for many recovery points or jobs; the server does the rest. */
import type { AdminClient } from './admin-client.ts';

export type BulkAction =
  | 'DeleteRecoveryPoint'
  | 'DisassociateRecoveryPoint'
  | 'UpdateRecoveryPointLifecycle'
  | 'StartCopyJob'
  | 'StopBackupJob'
  | 'TagResource'
  | 'UntagResource';

export interface BulkRequest {
  readonly Action: BulkAction;
  readonly Targets: readonly string[];
  readonly BackupVaultName?: string;
  readonly Lifecycle?: object;
  readonly DestinationBackupVaultArn?: string;
  readonly IamRoleArn?: string;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly TagKeys?: readonly string[];
}

/** Dates are seconds since the epoch. */
export interface BulkOperation {
  readonly OperationId: string;
  readonly Action: BulkAction;
  readonly State: 'RUNNING' | 'STOPPING' | 'COMPLETED' | 'STOPPED';
  readonly RequestedBy: string;
  readonly BackupVaultName?: string;
  readonly ItemCount: number;
  readonly SucceededCount: number;
  readonly FailedCount: number;
  readonly CreationDate: number;
  readonly CompletionDate?: number;
}

export type BulkItemState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'SKIPPED';

export interface BulkItem {
  readonly Sequence: number;
  readonly Target: string;
  readonly State: BulkItemState;
  readonly ErrorCode?: string;
  readonly Message?: string;
  readonly CopyJobId?: string;
  readonly CompletionDate?: number;
}

const ROOT = 'bulk-operations';

export const bulkApi = {
  /** A token makes a request that is sent again the same request. */
  start: (admin: AdminClient, request: BulkRequest, token: string) =>
    admin.request<{ Operation: BulkOperation }>({
      method: 'POST',
      path: [ROOT],
      body: { ...request, ClientToken: token },
    }),
  get: (admin: AdminClient, id: string) =>
    admin.request<{ Operation: BulkOperation }>({ method: 'GET', path: [ROOT, id] }),
  list: (admin: AdminClient, nextToken: string | undefined, maxResults: number) =>
    admin.request<{ Operations: BulkOperation[]; NextToken?: string }>({
      method: 'GET',
      path: [ROOT],
      query: { nextToken, maxResults },
    }),
  items: (
    admin: AdminClient,
    id: string,
    query: { state?: BulkItemState | undefined; nextToken: string | undefined; maxResults: number },
  ) => admin.request<{ Items: BulkItem[]; NextToken?: string }>({ method: 'GET', path: [ROOT, id, 'items'], query }),
  stop: (admin: AdminClient, id: string) =>
    admin.request<object>({ method: 'POST', path: [ROOT, id, 'stop'], body: {} }),
};

/** The same for a terminal. */
export function bulkCommand({ Action, Targets, ...more }: BulkRequest): string {
  const pairs = { ...more.Tags };
  const lifecycle = more.Lifecycle as { DeleteAfterDays?: number; MoveToColdStorageAfterDays?: number } | undefined;
  const flags = [
    more.BackupVaultName === undefined ? [] : [`--vault ${more.BackupVaultName}`],
    more.DestinationBackupVaultArn === undefined ? [] : [`--to ${more.DestinationBackupVaultArn}`],
    more.IamRoleArn === undefined ? [] : [`--role ${more.IamRoleArn}`],
    lifecycle?.DeleteAfterDays === undefined ? [] : [`--delete-after-days ${lifecycle.DeleteAfterDays}`],
    lifecycle?.MoveToColdStorageAfterDays === undefined
      ? []
      : [`--cold-after-days ${lifecycle.MoveToColdStorageAfterDays}`],
    Object.entries(pairs).map(([key, value]) => `--tag '${key}=${value}'`),
    (more.TagKeys ?? []).map((key) => `--tag-key '${key}'`),
  ].flat();
  // A flag may take several values: what stands behind it would be taken for one.
  return [`holdfast bulk start ${Action}`, ...Targets, ...flags].join(' \\\n  ');
}
