/** Lists that the server searches and sorts; the items are AWS Backup's own structures. */
import type {
  BackupJob,
  CopyJob,
  ProtectedResource,
  RecoveryPointByBackupVault,
  RestoreJobsListMember,
} from '@aws-sdk/client-backup';
import type { ListPage, SearchRequest } from '../components/list-page.ts';
import type { AdminClient } from './admin-client.ts';
import { withDates } from './with-dates.ts';

export interface SearchFilter {
  readonly state?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly createdAfter?: Date | undefined;
}

interface Items {
  readonly 'backup-jobs': BackupJob;
  readonly 'copy-jobs': CopyJob;
  readonly 'restore-jobs': RestoreJobsListMember;
  readonly 'protected-resources': ProtectedResource;
}

const MEMBERS: Readonly<Record<keyof Items, string>> = {
  'backup-jobs': 'BackupJobs',
  'copy-jobs': 'CopyJobs',
  'restore-jobs': 'RestoreJobs',
  'protected-resources': 'Results',
};

/** One page of a list of the account. */
export function searchList<Name extends keyof Items>(
  admin: AdminClient,
  list: Name,
  request: SearchRequest,
  filter: SearchFilter = {},
): Promise<ListPage<Items[Name]>> {
  return search(admin, ['search', list], MEMBERS[list], request, filter);
}

/** One page of the recovery points of a vault. */
export function searchRecoveryPoints(
  admin: AdminClient,
  vault: string,
  request: SearchRequest,
  filter: SearchFilter = {},
): Promise<ListPage<RecoveryPointByBackupVault>> {
  return search(admin, ['search', 'vaults', vault, 'recovery-points'], 'RecoveryPoints', request, filter);
}

async function search<T>(
  admin: AdminClient,
  path: readonly string[],
  member: string,
  { text, sort, nextToken, pageSize }: SearchRequest,
  { state, resourceType, createdAfter }: SearchFilter,
): Promise<ListPage<T>> {
  const answer = await admin.request<Record<string, unknown>>({
    method: 'GET',
    path,
    query: {
      text: text === '' ? undefined : text,
      sortBy: sort?.name,
      sortOrder: sort === undefined ? undefined : sort.isDescending ? 'DESCENDING' : 'ASCENDING',
      state,
      resourceType,
      createdAfter: createdAfter?.toISOString(),
      nextToken,
      maxResults: pageSize,
    },
  });
  return { items: withDates<T[]>(answer[member] ?? []), nextToken: answer['NextToken'] as string | undefined };
}
