import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope, Tags } from '../scope.ts';
import { isImmutable } from '../vaults/vault-lock-rules.ts';
import type {
  BackupVaultRecord,
  CreateVaultResult,
  DeleteVaultResult,
  VaultListQuery,
  VaultLock,
  VaultNotifications,
  VaultState,
  VaultStore,
} from '../vaults/vault-store.ts';
import type { MemoryTagStore } from './memory-tag-store.ts';
import { ascending, fits, pageOf } from './page-of.ts';

export class MemoryVaultStore implements VaultStore {
  readonly #vaults = new Map<string, BackupVaultRecord>();
  readonly #tags: MemoryTagStore;

  constructor(tags: MemoryTagStore) {
    this.#tags = tags;
  }

  async create(vault: BackupVaultRecord, tags: Tags, limit: number): Promise<CreateVaultResult> {
    const existing = await this.get(vault, vault.name);
    if (existing !== undefined) return { outcome: 'exists', vault: existing };
    if (this.#inScope(vault).length >= limit) return { outcome: 'limit-exceeded' };
    this.#vaults.set(vault.vaultId, vault);
    await this.#tags.put(vault.accountId, vault.arn, tags, Number.POSITIVE_INFINITY);
    return { outcome: 'created' };
  }

  async get(scope: Scope, name: string): Promise<BackupVaultRecord | undefined> {
    return this.#inScope(scope).find((vault) => vault.name === name);
  }

  async getById(vaultId: string): Promise<BackupVaultRecord | undefined> {
    return this.#vaults.get(vaultId);
  }

  async list(query: VaultListQuery, page: PageRequest): Promise<Page<BackupVaultRecord>> {
    const vaults = this.#inScope(query).filter((vault) => fits(vault.type, query.type));
    return pageOf(vaults.sort(ascending((vault) => vault.name)), (vault) => vault.name, page);
  }

  async listAll(page: PageRequest): Promise<Page<BackupVaultRecord>> {
    const vaults = [...this.#vaults.values()].sort(ascending((vault) => vault.vaultId));
    return pageOf(vaults, (vault) => vault.vaultId, page);
  }

  async setState(vaultId: string, state: VaultState): Promise<void> {
    this.change(vaultId, { state });
  }

  async setLock(vaultId: string, lock: VaultLock | undefined, now: number): Promise<boolean> {
    const vault = this.#vaults.get(vaultId);
    if (vault === undefined || isImmutable(vault.lock, now)) return false;
    const { lock: _removed, ...rest } = vault;
    this.#vaults.set(vaultId, lock === undefined ? rest : { ...rest, lock });
    return true;
  }

  async noteLockSealed(vaultId: string, sealedAt: number): Promise<void> {
    const { lock } = this.#required(vaultId);
    if (lock !== undefined) this.change(vaultId, { lock: { ...lock, sealedAt } });
  }

  async setAccessPolicy(vaultId: string, policy: string | undefined): Promise<void> {
    const { accessPolicy: _removed, ...rest } = this.#required(vaultId);
    this.#vaults.set(vaultId, policy === undefined ? rest : { ...rest, accessPolicy: policy });
  }

  async setNotifications(vaultId: string, notifications: VaultNotifications | undefined): Promise<void> {
    const { notifications: _removed, ...rest } = this.#required(vaultId);
    this.#vaults.set(vaultId, notifications === undefined ? rest : { ...rest, notifications });
  }

  async deleteIfEmpty(scope: Scope, name: string): Promise<DeleteVaultResult> {
    const vault = await this.get(scope, name);
    if (vault === undefined) return { outcome: 'not-found' };
    const { recoveryPointCount } = vault;
    if (recoveryPointCount > 0) return { outcome: 'not-empty', recoveryPointCount };
    this.#vaults.delete(vault.vaultId);
    await this.#tags.removeAll(vault.accountId, vault.arn);
    return { outcome: 'deleted', vault };
  }

  change(vaultId: string, members: Partial<BackupVaultRecord>): void {
    this.#vaults.set(vaultId, { ...this.#required(vaultId), ...members });
  }

  #required(vaultId: string): BackupVaultRecord {
    const vault = this.#vaults.get(vaultId);
    if (vault === undefined) throw new Error(`no vault ${vaultId}`);
    return vault;
  }

  #inScope(scope: Scope): BackupVaultRecord[] {
    return [...this.#vaults.values()].filter(
      (vault) => vault.accountId === scope.accountId && vault.region === scope.region,
    );
  }
}
