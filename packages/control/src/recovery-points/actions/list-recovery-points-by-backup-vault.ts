import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import type { ControlPorts } from '../../ports.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { findVault } from '../../vaults/find-vault.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentRecoveryPoint } from '../present-recovery-point.ts';

/** ListRecoveryPointsByBackupVault (API2-84 to API2-87), newest first; filters combine with AND. */
export function listRecoveryPointsByBackupVault(ports: ControlPorts): BackupHandler<'ListRecoveryPointsByBackupVault'> {
  return async (input, context) => {
    const vault = await findVault(ports, context, input.BackupVaultName, input.BackupVaultAccountId);
    const query = withoutUndefined({
      vaultId: vault.vaultId,
      resourceArn: input.ByResourceArn,
      resourceType: input.ByResourceType === undefined ? undefined : canonicalResourceType(input.ByResourceType),
      backupPlanId: input.ByBackupPlanId,
      parentRecoveryPointArn: input.ByParentRecoveryPointArn,
      created: timeRange(input.ByCreatedAfter, input.ByCreatedBefore),
    });
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.recoveryPoints.list(query, page),
    );
    return { RecoveryPoints: items.map(presentRecoveryPoint), NextToken };
  };
}
