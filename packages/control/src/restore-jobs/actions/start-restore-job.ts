import { ConnectorError } from '@holdfast/connectors';
import type { BackupHandler, BackupOperations } from '../../action.ts';
import {
  continuousState,
  decideTime,
  type WantedTime,
  wantedTime,
  withoutWindowKeys,
} from '../../continuous/restorable-time.ts';
import { invalidParameter, invalidRequest, missingParameter, resourceNotFound } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import type { RecoveryPointRecord } from '../../recovery-points/recovery-point-store.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { checkRole } from '../../roles/check-role.ts';
import type { Scope } from '../../scope.ts';
import { sourceForRestore } from '../../sources/source-for-restore.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { NewRestoreJob } from '../restore-job-store.ts';

type Input = BackupOperations['StartRestoreJob']['input'];

const MAXIMUM_METADATA_BYTES = 200 * 1024;
const RESTORABLE: ReadonlySet<string> = new Set(['AVAILABLE', 'COMPLETED', 'PARTIAL', 'EXPIRED', 'STOPPED']);

/** StartRestoreJob (API2-149 to API2-154). */
export function startRestoreJob(ports: ControlPorts): BackupHandler<'StartRestoreJob'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const recoveryPoint = await restorablePoint(ports, scope, input);
    const metadata = readMetadata(input);
    const restoreToAt = await checkMetadata(ports, scope, recoveryPoint, metadata);
    const iamRoleArn = input.IamRoleArn ?? (await ports.roles.defaultRoleArn(scope.accountId));
    await checkRole(ports.roles, scope.accountId, iamRoleArn);
    const job = newRestoreJob(ports, scope, input, recoveryPoint, { metadata, iamRoleArn, restoreToAt });
    const stored = await ports.stores.restoreJobs.create(job);
    if (stored.requestFingerprint !== job.requestFingerprint) {
      throw invalidRequest(
        `IdempotencyToken was used before for a different request (job ${stored.jobId}). Use a new token.`,
        'IdempotencyToken',
      );
    }
    if (stored.jobId === job.jobId) {
      ports.emit({ kind: 'restore-job-state', at: job.createdAt, job: stored });
      ports.jobControl.wake();
    }
    return { RestoreJobId: stored.jobId };
  };
}

async function restorablePoint(ports: ControlPorts, scope: Scope, input: Input): Promise<RecoveryPointRecord> {
  const arn = input.RecoveryPointArn;
  const point = await visiblePoint(ports, scope, arn);
  if (point === undefined) {
    throw resourceNotFound(
      `There is no recovery point ${arn} in account ${scope.accountId} and region ${scope.region}.`,
      arn,
    );
  }
  if (!RESTORABLE.has(point.status)) {
    throw invalidRequest(`Recovery point ${arn} is ${point.status} and cannot be restored.`, arn);
  }
  if (input.ResourceType !== undefined && canonicalResourceType(input.ResourceType) !== point.resourceType) {
    throw invalidParameter(
      `Recovery point ${arn} holds a resource of type ${point.resourceType}, not ${input.ResourceType}.`,
      'ResourceType',
    );
  }
  return point;
}

/** A recovery point of the account, or one in a vault that another account shares with it (VAULT-81). */
async function visiblePoint(ports: ControlPorts, scope: Scope, arn: string): Promise<RecoveryPointRecord | undefined> {
  const { recoveryPoints } = ports.stores;
  const own = await recoveryPoints.getByArn(scope.accountId, arn);
  if (own !== undefined) return own.region === scope.region ? own : undefined;
  for (const vaultId of await ports.vaultShares.sharedWith(scope)) {
    const shared = await recoveryPoints.get(vaultId, arn);
    if (shared !== undefined) return shared;
  }
  return undefined;
}

function readMetadata(input: Input): Record<string, string> {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [key, value = ''] of Object.entries(input.Metadata)) {
    metadata[key] = value;
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > MAXIMUM_METADATA_BYTES) {
    throw invalidParameter(`Metadata must be at most ${MAXIMUM_METADATA_BYTES} bytes, not ${size}.`, 'Metadata');
  }
  if (Object.keys(metadata).length === 0) throw missingParameter('Metadata');
  return metadata;
}

/** @returns the moment to restore, for a continuous recovery point */
async function checkMetadata(
  ports: ControlPorts,
  scope: Scope,
  point: RecoveryPointRecord,
  metadata: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const { descriptor } = await sourceForRestore(ports, scope, point);
  try {
    descriptor.validateRestoreMetadata(withoutWindowKeys(metadata));
    return await restoreToAt(ports, point, wantedTime(descriptor, metadata));
  } catch (error) {
    if (error instanceof ConnectorError) throw invalidParameter(error.message, 'Metadata');
    throw error;
  }
}

async function restoreToAt(
  ports: ControlPorts,
  point: RecoveryPointRecord,
  wanted: WantedTime,
): Promise<number | undefined> {
  const state = point.isContinuous ? await continuousState(ports, point) : undefined;
  if (state === undefined) {
    // A snapshot is always its own latest moment.
    if (typeof wanted !== 'number') return undefined;
    throw invalidParameter(`${point.arn} is a snapshot and has no other time to restore to.`, 'Metadata');
  }
  const decision = decideTime(point.arn, wanted, state.window);
  if (decision.ok) return decision.targetAt;
  throw invalidParameter(decision.reason, 'Metadata');
}

function newRestoreJob(
  ports: ControlPorts,
  scope: Scope,
  input: Input,
  point: RecoveryPointRecord,
  checked: {
    metadata: Readonly<Record<string, string>>;
    iamRoleArn: string;
    restoreToAt: number | undefined;
  },
): NewRestoreJob {
  const { metadata, iamRoleArn, restoreToAt } = checked;
  return {
    ...scope,
    metadata,
    iamRoleArn,
    jobId: ports.ids.uuid().toUpperCase(),
    recoveryPointArn: point.arn,
    recoveryPointCreatedAt: point.createdAt,
    vaultId: point.vaultId,
    vaultArn: point.vaultArn,
    sourceResourceArn: point.resourceArn,
    resourceType: point.resourceType,
    copySourceTags: input.CopySourceTagsToRestoredResource === true,
    createdAt: ports.clock.now(),
    isParent: false,
    requestFingerprint: requestFingerprint(input, ['IdempotencyToken']),
    ...withoutUndefined({ restoreToAt, idempotencyToken: input.IdempotencyToken }),
  };
}
