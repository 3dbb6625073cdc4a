/** Copies between vaults: who may copy, and the engine's copy behind it. */
import {
  backupJobExecutor,
  type ControlPorts,
  type CopyPolicyPort,
  type CopyPorts,
  copyJobExecutor,
  DEFAULT_COPY_QUOTAS,
  engineCopyPort,
  restoreJobExecutor,
  withPlannedCopies,
} from '@holdfast/control';
import type { JobExecutor } from '@holdfast/jobs';
import { copyChecks } from '@holdfast/neighbours';
import type { Control } from './control-ports.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

export function buildCopies({ clock, catalog }: Foundation, identity: Identity, control: Control): CopyPorts {
  const { ports, plans, copyJobs, repositories } = control;
  return {
    ...ports,
    copyJobs,
    plans: plans.plans,
    catalog,
    copyPolicies: copyPolicies(identity, ports.stores, () => clock.now()),
    engineCopy: engineCopyPort(repositories),
    copyQuotas: DEFAULT_COPY_QUOTAS,
  };
}

/** What a worker can do. A planned backup's commit also makes the copies that its plan asks for. */
export function jobExecutors(control: Control, copies: CopyPorts): Record<'backup' | 'copy' | 'restore', JobExecutor> {
  const recoveryPoints = withPlannedCopies(control.ports.stores.recoveryPoints, copies);
  const backups: ControlPorts = { ...control.ports, stores: { ...control.ports.stores, recoveryPoints } };
  return {
    backup: backupJobExecutor(backups),
    copy: copyJobExecutor(copies),
    restore: restoreJobExecutor(control.ports),
  };
}

/** Policies of role, organisation and both vaults; the first refusal counts. */
function copyPolicies(identity: Identity, stores: CopyPorts['stores'], now: () => number): CopyPolicyPort {
  return {
    async check({ source, destination, iamRoleArn }) {
      const sourceVault = await stores.vaults.getById(source.vaultId);
      const tags = await stores.tags.list(destination.accountId, destination.arn, { limit: 100 });
      const checks = await copyChecks(
        {
          recoveryPointArn: source.arn,
          sourceVaultArn: source.vaultArn,
          sourceVaultPolicy: sourceVault?.accessPolicy,
          destinationVaultArn: destination.arn,
          destinationVaultPolicy: destination.accessPolicy,
          destinationVaultTags: Object.fromEntries(tags.items.map(({ key, value }) => [key, value])),
        },
        identity.organizationDirectory,
      );
      return await identity.roles.mayUse(source.accountId, iamRoleArn, now(), checks);
    },
  };
}
