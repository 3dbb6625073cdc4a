import type {
  BackupVaultRecord,
  CreateVaultResult,
  DeleteVaultResult,
  EncryptionKeyType,
  Page,
  PageRequest,
  Scope,
  Tags,
  VaultListQuery,
  VaultLock,
  VaultNotifications,
  VaultState,
  VaultStore,
  VaultType,
} from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromOptionalJson, present, toOptionalJson } from '../database/columns.ts';
import { allOf, equals } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import { CatalogTagStore } from '../tags/tag-store.ts';
import type { VaultRow } from './tables.ts';

/** Vaults of all accounts and regions. */
export class CatalogVaultStore implements VaultStore {
  readonly #catalog: Catalog;
  readonly #tags: CatalogTagStore;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#tags = new CatalogTagStore(catalog);
  }

  async create(vault: BackupVaultRecord, tags: Tags, limit: number): Promise<CreateVaultResult> {
    return await this.#catalog.transaction<CreateVaultResult>(async () => {
      const existing = await this.get(vault, vault.name);
      if (existing !== undefined) return { outcome: 'exists', vault: existing };
      const { count } = await this.#catalog.db
        .selectFrom('vaults')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where(allOf(inScope(vault)))
        .executeTakeFirstOrThrow();
      if (count >= limit) return { outcome: 'limit-exceeded' };
      await this.#catalog.db.insertInto('vaults').values(toRow(vault)).execute();
      await this.#tags.put(vault.accountId, vault.arn, tags, Number.POSITIVE_INFINITY);
      return { outcome: 'created' };
    });
  }

  async get(scope: Scope, name: string): Promise<BackupVaultRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('vaults')
      .selectAll()
      .where(allOf([...inScope(scope), equals('name', name)]))
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async getById(vaultId: string): Promise<BackupVaultRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('vaults')
      .selectAll()
      .where('vault_id', '=', vaultId)
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async list(query: VaultListQuery, page: PageRequest): Promise<Page<BackupVaultRecord>> {
    const rows = await readPage(
      this.#catalog.db
        .selectFrom('vaults')
        .selectAll()
        .where(allOf([...inScope(query), equals('type', query.type)])),
      { list: 'vaults', filter: query, columns: ['name'], direction: 'asc', page },
    );
    return mapPage(rows, toRecord);
  }

  async listAll(page: PageRequest): Promise<Page<BackupVaultRecord>> {
    const rows = await readPage(this.#catalog.db.selectFrom('vaults').selectAll(), {
      list: 'all-vaults',
      filter: {},
      columns: ['vault_id'],
      direction: 'asc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  async setState(vaultId: string, state: VaultState): Promise<void> {
    await this.#update(vaultId, { state });
  }

  async setLock(vaultId: string, lock: VaultLock | undefined, now: number): Promise<boolean> {
    return await this.#catalog.transaction(async () => {
      const vault = await this.getById(vaultId);
      if (vault === undefined || isImmutable(vault.lock, now)) return false;
      await this.#update(vaultId, { lock: toOptionalJson(lock) });
      return true;
    });
  }

  async noteLockSealed(vaultId: string, sealedAt: number): Promise<void> {
    await this.#catalog.transaction(async () => {
      const lock = (await this.getById(vaultId))?.lock;
      if (lock !== undefined) await this.#update(vaultId, { lock: toOptionalJson({ ...lock, sealedAt }) });
    });
  }

  async setAccessPolicy(vaultId: string, policy: string | undefined): Promise<void> {
    await this.#update(vaultId, { access_policy: policy ?? null });
  }

  async setNotifications(vaultId: string, notifications: VaultNotifications | undefined): Promise<void> {
    await this.#update(vaultId, { notifications: toOptionalJson(notifications) });
  }

  async deleteIfEmpty(scope: Scope, name: string): Promise<DeleteVaultResult> {
    return await this.#catalog.transaction<DeleteVaultResult>(async () => {
      const vault = await this.get(scope, name);
      if (vault === undefined) return { outcome: 'not-found' };
      const { recoveryPointCount } = vault;
      if (recoveryPointCount > 0) return { outcome: 'not-empty', recoveryPointCount };
      await this.#catalog.db.deleteFrom('vaults').where('vault_id', '=', vault.vaultId).execute();
      await this.#tags.removeAll(vault.accountId, vault.arn);
      return { outcome: 'deleted', vault };
    });
  }

  async #update(vaultId: string, columns: Partial<VaultRow>): Promise<void> {
    await this.#catalog.db.updateTable('vaults').set(columns).where('vault_id', '=', vaultId).execute();
  }
}

function inScope({ accountId, region }: Scope) {
  return [equals('account_id', accountId), equals('region', region)];
}

/** Compliance mode after its cooling-off: nobody may change the lock (VAULT-45). */
function isImmutable(lock: VaultLock | undefined, now: number): boolean {
  return lock?.lockDateAt !== undefined && lock.lockDateAt <= now;
}

function toRow(vault: BackupVaultRecord): VaultRow {
  return {
    vault_id: vault.vaultId,
    account_id: vault.accountId,
    region: vault.region,
    name: vault.name,
    arn: vault.arn,
    type: vault.type,
    state: vault.state,
    encryption_key_arn: vault.encryptionKeyArn,
    encryption_key_type: vault.encryptionKeyType,
    creator_request_id: vault.creatorRequestId ?? null,
    request_fingerprint: vault.requestFingerprint ?? null,
    created_at: vault.createdAt,
    lock: toOptionalJson(vault.lock),
    access_policy: vault.accessPolicy ?? null,
    notifications: toOptionalJson(vault.notifications),
    recovery_point_count: vault.recoveryPointCount,
  };
}

function toRecord(row: VaultRow): BackupVaultRecord {
  return {
    vaultId: row.vault_id,
    accountId: row.account_id,
    region: row.region,
    name: row.name,
    arn: row.arn,
    type: row.type as VaultType,
    state: row.state as VaultState,
    encryptionKeyArn: row.encryption_key_arn,
    encryptionKeyType: row.encryption_key_type as EncryptionKeyType,
    createdAt: row.created_at,
    recoveryPointCount: row.recovery_point_count,
    ...present({
      creatorRequestId: row.creator_request_id,
      requestFingerprint: row.request_fingerprint,
      lock: fromOptionalJson<VaultLock>(row.lock),
      accessPolicy: row.access_policy,
      notifications: fromOptionalJson<VaultNotifications>(row.notifications),
    }),
  };
}
