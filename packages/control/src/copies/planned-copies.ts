/** The copies that a plan's rule asks for, made in the transaction that commits the recovery point: never lost, never twice. */
import type { BackupPlanStore } from '../plans/backup-plan-store.ts';
import type { TransactionPort } from '../plans/plan-ports.ts';
import type { ControlPorts } from '../ports.ts';
import { readLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord, RecoveryPointStore } from '../recovery-points/recovery-point-store.ts';
import type { CopyJobStore, NewCopyJob } from './copy-job-store.ts';
import { newCopyJob } from './new-copy-job.ts';

export interface PlannedCopyPorts extends Pick<ControlPorts, 'ids' | 'clock' | 'jobControl'> {
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

/** One job per copy action of the rule, in the version of the plan that made the backup. */
export async function plannedCopies(
  ports: Pick<PlannedCopyPorts, 'plans' | 'ids' | 'clock'>,
  point: RecoveryPointRecord,
): Promise<readonly NewCopyJob[]> {
  if (point.createdBy === undefined || point.backupJobId === undefined) return [];
  // Nested recovery points are copied with their composite.
  if (point.parentRecoveryPointArn !== undefined) return [];
  const version = await ports.plans.getVersion(point.createdBy.backupPlanId, point.createdBy.backupPlanVersion);
  const rule = version?.document.Rules.find(({ RuleId }) => RuleId === point.createdBy?.backupRuleId);
  return (rule?.CopyActions ?? []).map((action) =>
    newCopyJob(ports, {
      source: point,
      destinationVaultArn: action.DestinationBackupVaultArn,
      iamRoleArn: point.iamRoleArn,
      lifecycle: readLifecycle(action.Lifecycle),
      createdByBackupJobId: point.backupJobId,
    }),
  );
}
