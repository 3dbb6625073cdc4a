/** Which call of AWS Backup's API an item is. */
import { invalidParameter, missingParameter } from '../errors.ts';
import type { BulkAction, BulkItemRecord, BulkOperationRecord, BulkRequest } from './bulk-operation.ts';

export interface BulkItemCall {
  readonly operation: BulkAction;
  readonly input: Readonly<Record<string, unknown>>;
}

const NEEDED: Readonly<Record<BulkAction, readonly (keyof BulkRequest)[]>> = {
  DeleteRecoveryPoint: ['vaultName'],
  DisassociateRecoveryPoint: ['vaultName'],
  UpdateRecoveryPointLifecycle: ['vaultName', 'lifecycle'],
  StartCopyJob: ['vaultName', 'destinationVaultArn', 'iamRoleArn'],
  StopBackupJob: [],
  TagResource: ['tags'],
  UntagResource: ['tagKeys'],
};

/** The names of the members in the admin API. */
const API_NAMES: Readonly<Record<keyof BulkRequest, string>> = {
  vaultName: 'BackupVaultName',
  lifecycle: 'Lifecycle',
  destinationVaultArn: 'DestinationBackupVaultArn',
  iamRoleArn: 'IamRoleArn',
  tags: 'Tags',
  tagKeys: 'TagKeys',
};

/** @throws ServiceError when the action needs a member that is not there, or the same target stands twice */
export function checkBulkRequest(action: BulkAction, request: BulkRequest, targets: readonly string[]): void {
  const missing = NEEDED[action].find((name) => request[name] === undefined);
  if (missing !== undefined) throw missingParameter(API_NAMES[missing]);
  if (new Set(targets).size !== targets.length) {
    throw invalidParameter('Targets names the same recovery point or job twice.', 'Targets');
  }
}

/** The call for one item. A copy gets a token of its own, so that an item that is done again copies nothing twice. */
export function bulkItemCall(operation: BulkOperationRecord, { target, sequence }: BulkItemRecord): BulkItemCall {
  const { action, request, operationId } = operation;
  return { operation: action, input: inputOf(action, request, target, `${operationId}-${sequence}`) };
}

function inputOf(action: BulkAction, request: BulkRequest, target: string, token: string) {
  const point = { BackupVaultName: request.vaultName, RecoveryPointArn: target };
  switch (action) {
    case 'DeleteRecoveryPoint':
    case 'DisassociateRecoveryPoint':
      return point;
    case 'UpdateRecoveryPointLifecycle':
      return { ...point, Lifecycle: request.lifecycle };
    case 'StartCopyJob':
      return {
        RecoveryPointArn: target,
        SourceBackupVaultName: request.vaultName,
        DestinationBackupVaultArn: request.destinationVaultArn,
        IamRoleArn: request.iamRoleArn,
        IdempotencyToken: token,
        ...(request.lifecycle === undefined ? {} : { Lifecycle: request.lifecycle }),
      };
    case 'StopBackupJob':
      return { BackupJobId: target };
    case 'TagResource':
      return { ResourceArn: target, Tags: request.tags };
    case 'UntagResource':
      return { ResourceArn: target, TagKeyList: request.tagKeys };
  }
}

/** Refusals that say, when an item is done again after a crash, that the first time has worked. */
const DONE_BEFORE: Readonly<Partial<Record<BulkAction, readonly string[]>>> = {
  DeleteRecoveryPoint: ['ResourceNotFoundException', 'InvalidResourceStateException'],
  DisassociateRecoveryPoint: ['ResourceNotFoundException', 'InvalidResourceStateException'],
  StopBackupJob: ['InvalidRequestException'],
};

/** Whether the refusal of a repeated item means that it had been done before. */
export function wasDoneBefore(action: BulkAction, errorCode: string): boolean {
  return DONE_BEFORE[action]?.includes(errorCode) ?? false;
}
