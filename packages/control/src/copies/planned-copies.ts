/** The copies that a plan's rule asks for, made in the transaction that commits the recovery point: never lost, never twice. */
import type { BackupPlanStore } from '../plans/backup-plan-store.ts';
import type { TransactionPort } from '../plans/plan-ports.ts';
import type { ControlPorts } from '../ports.ts';
import { readLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord, RecoveryPointStore } from '../recovery-points/recovery-point-store.ts';
import type { CopyJobStore, NewCopyJob } from './copy-job-store.ts';
import { type CopyJobRequest, newCopyJob } from './new-copy-job.ts';

export interface PlannedCopyPorts extends Pick<ControlPorts, 'ids' | 'clock' | 'jobControl'> {
  readonly stores: Pick<ControlPorts['stores'], 'backupJobs'>;
  readonly plans: BackupPlanStore;
  readonly copyJobs: CopyJobStore;
  readonly catalog: TransactionPort;
}

/**
 * The store of recovery points, with the copy jobs of a plan's copy actions made by each commit of a planned backup.
 * Copies themselves name no backup job and so cause no further copies.
 */
export function withPlannedCopies(store: RecoveryPointStore, ports: PlannedCopyPorts): RecoveryPointStore {
  return {
    async commit(commit) {
      const made = await ports.catalog.transaction(async () => {
        await store.commit(commit);
        const jobs = await plannedCopies(ports, commit.recoveryPoint);
        for (const job of jobs) await ports.copyJobs.create(job);
        return jobs.length;
      });
      if (made > 0) ports.jobControl.wake();
    },
    get: (vaultId, arn) => store.get(vaultId, arn),
    getByArn: (accountId, arn) => store.getByArn(accountId, arn),
    list: (query, page) => store.list(query, page),
    newestUsable: (vaultId, resourceArn) => store.newestUsable(vaultId, resourceArn),
    change: (vaultId, arn, change, whileStatus) => store.change(vaultId, arn, change, whileStatus),
    remove: (vaultId, arn) => store.remove(vaultId, arn),
    listByStatus: (status, page) => store.listByStatus(status, page),
  };
}

/**
 * The copies of a backup that was just made: one per copy action of its rule, in the version of the plan that made it, and
 * one into the logically air-gapped vault that its job was meant for.
 */
export async function plannedCopies(
  ports: Pick<PlannedCopyPorts, 'plans' | 'ids' | 'clock' | 'stores'>,
  point: RecoveryPointRecord,
): Promise<readonly NewCopyJob[]> {
  // Nested recovery points are copied with their composite.
  if (point.backupJobId === undefined || point.parentRecoveryPointArn !== undefined) return [];
  const copies = [...(await copyActions(ports, point)), ...(await airGappedCopy(ports, point))];
  return copies.map((copy) =>
    newCopyJob(ports, {
      ...copy,
      source: point,
      iamRoleArn: point.iamRoleArn,
      createdByBackupJobId: point.backupJobId,
    }),
  );
}

type PlannedCopy = Pick<CopyJobRequest, 'destinationVaultArn' | 'lifecycle'>;

async function copyActions(
  { plans }: Pick<PlannedCopyPorts, 'plans'>,
  { createdBy }: RecoveryPointRecord,
): Promise<readonly PlannedCopy[]> {
  if (createdBy === undefined) return [];
  const version = await plans.getVersion(createdBy.backupPlanId, createdBy.backupPlanVersion);
  const rule = version?.document.Rules.find(({ RuleId }) => RuleId === createdBy.backupRuleId);
  return (rule?.CopyActions ?? []).map((action) => ({
    destinationVaultArn: action.DestinationBackupVaultArn,
    lifecycle: readLifecycle(action.Lifecycle),
  }));
}

async function airGappedCopy(
  { stores }: Pick<PlannedCopyPorts, 'stores'>,
  point: RecoveryPointRecord,
): Promise<readonly PlannedCopy[]> {
  if (point.lifecycle?.deleteAfterEvent === undefined || point.backupJobId === undefined) return [];
  const job = await stores.backupJobs.get(point, point.backupJobId);
  return job?.airGappedVaultArn === undefined ? [] : [{ destinationVaultArn: job.airGappedVaultArn }];
}
