import type { Scope } from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import type { RecoveryPointRow } from '../recovery-points/tables.ts';

interface Place extends Scope {
  readonly vaultId: string;
  readonly resourceArn: string;
}

/** Statuses that say that the resource was backed up (API2-81). */
const BACKED_UP = ['COMPLETED', 'PARTIAL', 'AVAILABLE', 'EXPIRED', 'STOPPED', 'DELETING'];

/**
 * Brings the "last backup" of a resource up to date, in its scope and in one vault, from its newest recovery points.
 * Call it in the transaction that added or removed one. A resource without recovery points is no longer protected.
 */
export async function refreshProtectedResource(catalog: Catalog, place: Place): Promise<void> {
  await refreshInScope(catalog, place);
  await refreshInVault(catalog, place);
}

async function refreshInScope(catalog: Catalog, { accountId, region, resourceArn }: Place): Promise<void> {
  const newest = await catalog.db
    .selectFrom('recovery_points')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('region', '=', region)
    .where('resource_arn', '=', resourceArn)
    .where('status', 'in', BACKED_UP)
    .orderBy('created_at', 'desc')
    .orderBy('arn', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) {
    await catalog.db
      .deleteFrom('protected_resources')
      .where('account_id', '=', accountId)
      .where('region', '=', region)
      .where('resource_arn', '=', resourceArn)
      .execute();
    return;
  }
  const last = lastBackup(newest);
  await catalog.db
    .insertInto('protected_resources')
    .values({
      account_id: accountId,
      region,
      resource_arn: resourceArn,
      ...last,
      latest_restore_minutes: null,
      latest_restore_created_at: null,
      latest_restore_point_created_at: null,
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'region', 'resource_arn']).doUpdateSet(last))
    .execute();
}

async function refreshInVault(catalog: Catalog, place: Place): Promise<void> {
  const { accountId, region, vaultId, resourceArn } = place;
  const newest = await catalog.db
    .selectFrom('recovery_points')
    .selectAll()
    .where('vault_id', '=', vaultId)
    .where('resource_arn', '=', resourceArn)
    .where('status', 'in', BACKED_UP)
    .orderBy('created_at', 'desc')
    .orderBy('arn', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) {
    await catalog.db
      .deleteFrom('vault_resources')
      .where('vault_id', '=', vaultId)
      .where('resource_arn', '=', resourceArn)
      .execute();
    return;
  }
  const last = lastBackup(newest);
  await catalog.db
    .insertInto('vault_resources')
    .values({ vault_id: vaultId, resource_arn: resourceArn, account_id: accountId, region, ...last })
    .onConflict((conflict) => conflict.columns(['vault_id', 'resource_arn']).doUpdateSet(last))
    .execute();
}

function lastBackup(point: RecoveryPointRow) {
  return {
    resource_type: point.resource_type,
    resource_name: point.resource_name,
    last_backup_at: point.created_at,
    last_backup_vault_arn: point.vault_arn,
    last_recovery_point_arn: point.arn,
  };
}
