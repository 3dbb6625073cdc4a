/** Bulk operations as the admin API shows them. */
import { describe } from '@holdfast/wire';
import { BULK_ACTIONS } from './bulk-operation.ts';

const { document, enumeration, integer, label, list, map, operation, query, required, string, structure, timestamp } =
  describe;

/** One request carries at most so many items. */
export const MOST_BULK_TARGETS = 5000;

const paging = {
  MaxResults: query('maxResults', integer({ min: 1, max: 1000 })),
  NextToken: query('nextToken', string()),
};
const itemStates = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'SKIPPED'] as const;

const BulkOperation = structure('BulkOperation', {
  OperationId: required(string()),
  Action: required(enumeration(...BULK_ACTIONS)),
  State: required(enumeration('RUNNING', 'STOPPING', 'COMPLETED', 'STOPPED')),
  /** Whose permissions decide about every item. */
  RequestedBy: required(string()),
  BackupVaultName: string(),
  ItemCount: required(integer()),
  SucceededCount: required(integer()),
  FailedCount: required(integer()),
  CreationDate: required(timestamp()),
  CompletionDate: timestamp(),
});

const BulkItem = structure('BulkItem', {
  Sequence: required(integer()),
  Target: required(string()),
  State: required(enumeration(...itemStates)),
  ErrorCode: string(),
  Message: string(),
  /** The copy job that the item started. */
  CopyJobId: string(),
  CompletionDate: timestamp(),
});

const one = (name: string) => structure(`${name}Input`, { OperationId: label(string()) });

export const bulkSchemas = {
  StartBulkOperation: operation('StartBulkOperation', {
    http: ['POST', '/bulk-operations', 200],
    input: structure('StartBulkOperationInput', {
      Action: required(enumeration(...BULK_ACTIONS)),
      /** ARNs of recovery points, or IDs of backup jobs. */
      Targets: required(
        list(string({ minLength: 1, maxLength: 2048 }), { minLength: 1, maxLength: MOST_BULK_TARGETS }),
      ),
      BackupVaultName: string(),
      Lifecycle: document(),
      DestinationBackupVaultArn: string(),
      IamRoleArn: string(),
      Tags: map(string()),
      TagKeys: list(string()),
      ClientToken: string({ minLength: 1, maxLength: 128 }),
    }),
    output: structure('StartBulkOperationOutput', { Operation: required(BulkOperation) }),
  }),
  GetBulkOperation: operation('GetBulkOperation', {
    http: ['GET', '/bulk-operations/{OperationId}', 200],
    input: one('GetBulkOperation'),
    output: structure('GetBulkOperationOutput', { Operation: required(BulkOperation) }),
  }),
  ListBulkOperations: operation('ListBulkOperations', {
    http: ['GET', '/bulk-operations', 200],
    input: structure('ListBulkOperationsInput', paging),
    output: structure('ListBulkOperationsOutput', { Operations: required(list(BulkOperation)), NextToken: string() }),
  }),
  ListBulkOperationItems: operation('ListBulkOperationItems', {
    http: ['GET', '/bulk-operations/{OperationId}/items', 200],
    input: structure('ListBulkOperationItemsInput', {
      OperationId: label(string()),
      State: query('state', enumeration(...itemStates)),
      ...paging,
    }),
    output: structure('ListBulkOperationItemsOutput', { Items: required(list(BulkItem)), NextToken: string() }),
  }),
  StopBulkOperation: operation('StopBulkOperation', {
    http: ['POST', '/bulk-operations/{OperationId}/stop', 200],
    input: one('StopBulkOperation'),
    output: structure('StopBulkOperationOutput', {}),
  }),
};
