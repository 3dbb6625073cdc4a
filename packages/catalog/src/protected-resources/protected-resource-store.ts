import type {
  LatestRestore,
  Page,
  PageRequest,
  ProtectedResourceRecord,
  ProtectedResourceStore,
  Scope,
} from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { present } from '../database/columns.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { ProtectedResourceRow, VaultResourceRow } from './tables.ts';

/** Resources that were backed up; kept by the commits and removals of recovery points. */
export class CatalogProtectedResourceStore implements ProtectedResourceStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async get(scope: Scope, resourceArn: string): Promise<ProtectedResourceRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('protected_resources')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .where('resource_arn', '=', resourceArn)
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<ProtectedResourceRecord>> {
    const query = this.#catalog.db
      .selectFrom('protected_resources')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region);
    const order = { list: 'protected-resources', filter: scope, columns: ['resource_arn'], direction: 'asc' } as const;
    return mapPage(await readPage(query, { ...order, page }), toRecord);
  }

  async listByVault(vaultId: string, page: PageRequest): Promise<Page<ProtectedResourceRecord>> {
    const query = this.#catalog.db.selectFrom('vault_resources').selectAll().where('vault_id', '=', vaultId);
    const order = { list: 'vault-resources', filter: vaultId, columns: ['resource_arn'], direction: 'asc' } as const;
    return mapPage(await readPage(query, { ...order, page }), lastBackup);
  }

  async recordRestore(scope: Scope, resourceArn: string, restore: LatestRestore): Promise<void> {
    await this.#catalog.db
      .updateTable('protected_resources')
      .set({
        latest_restore_minutes: restore.executionMinutes,
        latest_restore_created_at: restore.jobCreatedAt,
        latest_restore_point_created_at: restore.recoveryPointCreatedAt,
      })
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .where('resource_arn', '=', resourceArn)
      .execute();
  }
}

function lastBackup(row: VaultResourceRow | ProtectedResourceRow): ProtectedResourceRecord {
  return {
    accountId: row.account_id,
    region: row.region,
    resourceArn: row.resource_arn,
    resourceType: row.resource_type,
    lastBackupAt: row.last_backup_at,
    lastBackupVaultArn: row.last_backup_vault_arn,
    lastRecoveryPointArn: row.last_recovery_point_arn,
    ...present({ resourceName: row.resource_name }),
  };
}

function toRecord(row: ProtectedResourceRow): ProtectedResourceRecord {
  return {
    ...lastBackup(row),
    ...present({
      latestRestoreExecutionMinutes: row.latest_restore_minutes,
      latestRestoreJobCreatedAt: row.latest_restore_created_at,
      latestRestoreRecoveryPointCreatedAt: row.latest_restore_point_created_at,
    }),
  };
}
