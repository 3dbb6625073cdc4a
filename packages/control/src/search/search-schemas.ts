/** Searching lists, in the words of AWS Backup's own lists: the items are the same structures. */
import {
  type BackupJob,
  BackupJob$,
  type CopyJob,
  CopyJob$,
  type ProtectedResource,
  ProtectedResource$,
  type RecoveryPointByBackupVault,
  RecoveryPointByBackupVault$,
  type RestoreJobsListMember,
  RestoreJobsListMember$,
} from '@aws-sdk/client-backup';
import { describe } from '@holdfast/wire';

const { enumeration, integer, label, list, operation, query, required, string, structure, timestamp } = describe;

const search = {
  /** Part of a name, ARN, ID or message, in any case. */
  Text: query('text', string({ minLength: 1, maxLength: 256 })),
  SortOrder: query('sortOrder', enumeration('ASCENDING', 'DESCENDING')),
  ByResourceType: query('resourceType', string()),
  MaxResults: query('maxResults', integer({ min: 1, max: 100 })),
  NextToken: query('nextToken', string()),
};
const created = {
  ByCreatedAfter: query('createdAfter', timestamp()),
  ByCreatedBefore: query('createdBefore', timestamp()),
};
const jobs = {
  ...search,
  ...created,
  SortBy: query('sortBy', enumeration('created', 'state', 'resource', 'resource-type', 'vault')),
  ByState: query('state', string()),
  ByMessageCategory: query('messageCategory', string()),
};

/** A structure of the SDK with its type. */
function ofSdk<T>(schema: describe.Described<T>['schema']): describe.Described<T> {
  return { schema, traits: {}, constraint: {} };
}

export const searchSchemas = {
  SearchBackupJobs: operation('SearchBackupJobs', {
    http: ['GET', '/search/backup-jobs', 200],
    input: structure('SearchBackupJobsInput', jobs),
    output: structure('SearchBackupJobsOutput', {
      BackupJobs: required(list(ofSdk<BackupJob>(BackupJob$))),
      NextToken: string(),
    }),
  }),
  SearchCopyJobs: operation('SearchCopyJobs', {
    http: ['GET', '/search/copy-jobs', 200],
    input: structure('SearchCopyJobsInput', jobs),
    output: structure('SearchCopyJobsOutput', {
      CopyJobs: required(list(ofSdk<CopyJob>(CopyJob$))),
      NextToken: string(),
    }),
  }),
  SearchRestoreJobs: operation('SearchRestoreJobs', {
    http: ['GET', '/search/restore-jobs', 200],
    input: structure('SearchRestoreJobsInput', jobs),
    output: structure('SearchRestoreJobsOutput', {
      RestoreJobs: required(list(ofSdk<RestoreJobsListMember>(RestoreJobsListMember$))),
      NextToken: string(),
    }),
  }),
  SearchRecoveryPoints: operation('SearchRecoveryPoints', {
    http: ['GET', '/search/vaults/{BackupVaultName}/recovery-points', 200],
    input: structure('SearchRecoveryPointsInput', {
      BackupVaultName: label(string()),
      ...search,
      ...created,
      SortBy: query('sortBy', enumeration('created', 'resource', 'resource-type')),
    }),
    output: structure('SearchRecoveryPointsOutput', {
      RecoveryPoints: required(list(ofSdk<RecoveryPointByBackupVault>(RecoveryPointByBackupVault$))),
      NextToken: string(),
    }),
  }),
  SearchProtectedResources: operation('SearchProtectedResources', {
    http: ['GET', '/search/protected-resources', 200],
    input: structure('SearchProtectedResourcesInput', search),
    output: structure('SearchProtectedResourcesOutput', {
      Results: required(list(ofSdk<ProtectedResource>(ProtectedResource$))),
      NextToken: string(),
    }),
  }),
};
