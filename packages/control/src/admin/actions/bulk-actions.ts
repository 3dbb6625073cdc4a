/** Bulk operations: start, show, list, stop. */

import { checkBulkRequest } from '../../bulk-operations/bulk-item-call.ts';
import type { BulkItemRecord, BulkOperationRecord, BulkRequest } from '../../bulk-operations/bulk-operation.ts';
import type { BulkOperationStore } from '../../bulk-operations/bulk-operation-store.ts';
import { invalidParameter, invalidRequest, resourceNotFound } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';

export interface BulkPorts extends Pick<ControlPorts, 'clock' | 'ids'> {
  readonly operations: BulkOperationStore;
  /** Tells the runner that there is something to do. */
  wake(): void;
}

/** StartBulkOperation: keeps the request and answers at once; the items are done afterwards. */
export function startBulkOperation(ports: BulkPorts): AdminHandler<'StartBulkOperation'> {
  return async (input, context) => {
    const request = requestOf(input);
    checkBulkRequest(input.Action, request, input.Targets);
    const { principal, accessKeyId, isTemporary, sourceIp, userAgent, isSecure } = context;
    const operation = await ports.operations.create(
      {
        ...scopeOf(context),
        operationId: ports.ids.uuid(),
        action: input.Action,
        request,
        caller: { principal, accessKeyId, isTemporary, sourceIp, userAgent, isSecure },
        createdAt: ports.clock.now(),
        ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
      },
      input.Targets,
    );
    ports.wake();
    return { Operation: presentOperation(operation) };
  };
}

export function getBulkOperation(ports: BulkPorts): AdminHandler<'GetBulkOperation'> {
  return async (input, context) => ({ Operation: presentOperation(await find(ports, context, input.OperationId)) });
}

export function listBulkOperations(ports: BulkPorts): AdminHandler<'ListBulkOperations'> {
  return async (input, context) => {
    const scope = scopeOf(context);
    const { items, NextToken } = await listPage(input, context, (page) => ports.operations.list(scope, page));
    return { Operations: items.map(presentOperation), NextToken };
  };
}

export function listBulkOperationItems(ports: BulkPorts): AdminHandler<'ListBulkOperationItems'> {
  return async (input, context) => {
    const { operationId } = await find(ports, context, input.OperationId);
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.operations.listItems(operationId, input.State, page),
    );
    return { Items: items.map(presentItem), NextToken };
  };
}

/** StopBulkOperation: the item under way is finished, those behind it are skipped. */
export function stopBulkOperation(ports: BulkPorts): AdminHandler<'StopBulkOperation'> {
  return async (input, context) => {
    const { operationId } = await find(ports, context, input.OperationId);
    if (!(await ports.operations.requestStop(scopeOf(context), operationId))) {
      throw invalidRequest(`The bulk operation ${operationId} has ended and cannot be stopped.`, operationId);
    }
    ports.wake();
    return {};
  };
}

async function find(ports: BulkPorts, scope: Scope, operationId: string): Promise<BulkOperationRecord> {
  const found = await ports.operations.get(scopeOf(scope), operationId);
  if (found !== undefined) return found;
  throw resourceNotFound(`There is no bulk operation ${operationId}.`, operationId);
}

function scopeOf({ accountId, region }: Scope): Scope {
  return { accountId, region };
}

function requestOf(input: AdminOperations['StartBulkOperation']['input']): BulkRequest {
  return withoutUndefined({
    vaultName: input.BackupVaultName,
    lifecycle: lifecycleOf(input.Lifecycle),
    destinationVaultArn: input.DestinationBackupVaultArn,
    iamRoleArn: input.IamRoleArn,
    tags: input.Tags,
    tagKeys: input.TagKeys,
  });
}

function lifecycleOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidParameter('Lifecycle must be an object.', 'Lifecycle');
}

function presentOperation(operation: BulkOperationRecord) {
  return {
    OperationId: operation.operationId,
    Action: operation.action,
    State: operation.state,
    RequestedBy: operation.caller.principal.arn,
    BackupVaultName: operation.request.vaultName,
    ItemCount: operation.itemCount,
    SucceededCount: operation.succeededCount,
    FailedCount: operation.failedCount,
    CreationDate: new Date(operation.createdAt),
    CompletionDate: optionalDate(operation.endedAt),
  };
}

function presentItem(item: BulkItemRecord) {
  return {
    Sequence: item.sequence,
    Target: item.target,
    State: item.state,
    ErrorCode: item.errorCode,
    Message: item.message,
    CopyJobId: item.resultId,
    CompletionDate: optionalDate(item.endedAt),
  };
}
