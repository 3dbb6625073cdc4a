/** Searching and sorting lists where the data is. */
import { presentBackupJob } from '../../backup-jobs/present-backup-job.ts';
import type { CopyJobStore } from '../../copies/copy-job-store.ts';
import { presentCopyJob, statesShownAs } from '../../copies/present-copy-job.ts';
import { messageCategoryFilter } from '../../job-messages/message-category.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import type { ControlPorts } from '../../ports.ts';
import { presentProtectedResource } from '../../protected-resources/present-protected-resource.ts';
import { presentRecoveryPoint } from '../../recovery-points/present-recovery-point.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { presentRestoreJob } from '../../restore-jobs/present-restore-job.ts';
import type { RestoreJobStatus } from '../../restore-jobs/restore-job-store.ts';
import { statusFilter } from '../../restore-jobs/status-filter.ts';
import type { Scope } from '../../scope.ts';
import type { SearchPort } from '../../search/search-port.ts';
import { findVault } from '../../vaults/find-vault.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';

export interface SearchPorts extends ControlPorts {
  readonly search: SearchPort;
  readonly copyJobs: CopyJobStore;
}

/** A page when the caller does not say how large. */
const DEFAULT_PAGE = 50;

export function searchBackupJobs(ports: SearchPorts): AdminHandler<'SearchBackupJobs'> {
  return async (input, context) => {
    const scope = scopeOf(context);
    const states = input.ByState === undefined ? undefined : [input.ByState];
    const search = { ...jobSearch(scope, input, states), kind: 'backup' as const };
    const found = await listPage(sized(input), context, (page) => ports.search.jobIds(search, page));
    const jobs = await readAll(found.items, (id) => ports.stores.backupJobs.get(scope, id));
    return { BackupJobs: jobs.map(presentBackupJob), NextToken: found.NextToken };
  };
}

export function searchCopyJobs(ports: SearchPorts): AdminHandler<'SearchCopyJobs'> {
  return async (input, context) => {
    const scope = scopeOf(context);
    const states = input.ByState === undefined ? undefined : statesShownAs(input.ByState);
    const search = { ...jobSearch(scope, input, states), kind: 'copy' as const };
    const found = await listPage(sized(input), context, (page) => ports.search.jobIds(search, page));
    const jobs = await readAll(found.items, (id) => ports.copyJobs.get(scope, id));
    return { CopyJobs: jobs.map(presentCopyJob), NextToken: found.NextToken };
  };
}

export function searchRestoreJobs(ports: SearchPorts): AdminHandler<'SearchRestoreJobs'> {
  return async (input, context) => {
    const scope = scopeOf(context);
    const states = statusFilter(input.ByState as RestoreJobStatus | undefined);
    const search = { ...jobSearch(scope, input, states), kind: 'restore' as const };
    const found = await listPage(sized(input), context, (page) => ports.search.jobIds(search, page));
    const jobs = await readAll(found.items, (id) => ports.stores.restoreJobs.get(scope, id));
    return { RestoreJobs: jobs.map(presentRestoreJob), NextToken: found.NextToken };
  };
}

export function searchRecoveryPoints(ports: SearchPorts): AdminHandler<'SearchRecoveryPoints'> {
  return async (input, context) => {
    const { vaultId } = await findVault(ports, context, input.BackupVaultName);
    const search = {
      ...commonSearch(scopeOf(context), input),
      vaultId,
      sortBy: input.SortBy ?? 'created',
      ...createdWithin(input),
    };
    const found = await listPage(sized(input), context, (page) => ports.search.recoveryPointArns(search, page));
    const points = await readAll(found.items, (arn) => ports.stores.recoveryPoints.get(vaultId, arn));
    return { RecoveryPoints: points.map(presentRecoveryPoint), NextToken: found.NextToken };
  };
}

export function searchProtectedResources(ports: SearchPorts): AdminHandler<'SearchProtectedResources'> {
  return async (input, context) => {
    const scope = scopeOf(context);
    const search = { ...commonSearch(scope, input), isAscending: input.SortOrder !== 'DESCENDING' };
    const found = await listPage(sized(input), context, (page) => ports.search.protectedResourceArns(search, page));
    const resources = await readAll(found.items, (arn) => ports.stores.protectedResources.get(scope, arn));
    return { Results: resources.map(presentProtectedResource), NextToken: found.NextToken };
  };
}

type JobInput = AdminOperations['SearchBackupJobs']['input'];
type CommonInput = Pick<JobInput, 'Text' | 'SortOrder' | 'ByResourceType'>;

function jobSearch(scope: Scope, input: JobInput, states: readonly string[] | undefined) {
  return {
    ...commonSearch(scope, input),
    sortBy: input.SortBy ?? ('created' as const),
    ...createdWithin(input),
    ...withoutUndefined({ states, messageCategory: messageCategoryFilter(input.ByMessageCategory) }),
  };
}

function commonSearch(scope: Scope, input: CommonInput) {
  const type = input.ByResourceType;
  return {
    ...scope,
    isAscending: input.SortOrder === 'ASCENDING',
    ...withoutUndefined({
      text: input.Text,
      resourceType: type === undefined ? undefined : canonicalResourceType(type),
    }),
  };
}

function createdWithin(input: Pick<JobInput, 'ByCreatedAfter' | 'ByCreatedBefore'>) {
  return withoutUndefined({ created: timeRange(input.ByCreatedAfter, input.ByCreatedBefore) });
}

function scopeOf({ accountId, region }: Scope): Scope {
  return { accountId, region };
}

function sized<Input extends { readonly MaxResults?: number | undefined }>(input: Input): Input {
  return { ...input, MaxResults: input.MaxResults ?? DEFAULT_PAGE };
}

/** What went away between the search and the look is left out. */
async function readAll<T>(ids: readonly string[], read: (id: string) => Promise<T | undefined>): Promise<T[]> {
  const found = await Promise.all(ids.map(read));
  return found.filter((item) => item !== undefined);
}
