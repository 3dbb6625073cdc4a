/** The engine's repositories of this process: one per vault, opened when first needed, closed with the process. */
import type { BackupVaultRecord, VaultRepositories, VaultStore, WarmUpProgress } from '@holdfast/control';
import {
  type Authority,
  AuthorityError,
  changeRetention,
  createRepository,
  type KeyProvider,
  openRepository,
  PayloadWorkers,
  placeHold,
  planWarmUp,
  type RecoveryPointRetention,
  type Repository,
  type RepositoryLimits,
  type RepositoryOptions,
  releaseHold,
  stepWarmUp,
} from '@holdfast/engine';
import type { OpenVaultStore } from './region-stores.ts';

export interface VaultRepositoriesOptions {
  readonly vaults: Pick<VaultStore, 'getById'>;
  readonly openStore: OpenVaultStore;
  readonly authority: Authority;
  readonly keyProvider: (keyArn: string) => KeyProvider;
  /** 32 bytes that are the same for all vaults of an account, so that copies between them compare chunks. */
  readonly idDomainKey: (accountId: string) => Promise<Uint8Array>;
  readonly limits: Partial<RepositoryLimits>;
  /** How many backups and restores may use the process's payload threads at a time. */
  readonly sessions: number;
  readonly holder: string;
  readonly clock: () => number;
}

/** The longest that a restore may take once its content is readable. */
const KEEP_WARM_MS = 3 * 86_400_000;

type VaultPlace = Pick<BackupVaultRecord, 'vaultId' | 'accountId' | 'region'>;

export class ProcessVaultRepositories implements VaultRepositories {
  readonly #options: VaultRepositoriesOptions;
  readonly #open = new Map<string, Promise<Repository>>();
  #workers: PayloadWorkers | undefined;

  constructor(options: VaultRepositoriesOptions) {
    this.#options = options;
  }

  async create(vault: BackupVaultRecord): Promise<void> {
    const store = await this.#options.openStore(vault, true);
    const idDomainKey = await this.#options.idDomainKey(vault.accountId);
    const opening = createRepository({
      ...this.#repositoryOptions(vault.encryptionKeyArn, store),
      vaultId: vault.vaultId,
      idDomainKey,
    });
    await this.#remember(vault.vaultId, opening);
  }

  open(vault: VaultPlace): Promise<Repository> {
    return this.#open.get(vault.vaultId) ?? this.#remember(vault.vaultId, this.#openExisting(vault));
  }

  async changeRetention(vault: VaultPlace, engineId: string, retention: RecoveryPointRetention): Promise<void> {
    const repository = await this.open(vault);
    await changeRetention(repository.parts, engineId, retention);
  }

  async placeHold(vault: VaultPlace, engineId: string, hold: string): Promise<void> {
    try {
      await placeHold((await this.open(vault)).parts, engineId, hold);
    } catch (error) {
      // Deleted since the hold took it in.
      if (!(error instanceof AuthorityError) || error.code !== 'not-found') throw error;
    }
  }

  async releaseHold(vault: VaultPlace, engineId: string, hold: string): Promise<void> {
    await releaseHold((await this.open(vault)).parts, engineId, hold);
  }

  async warmUp(vault: VaultPlace, engineId: string, signal: AbortSignal): Promise<WarmUpProgress> {
    const { parts } = await this.open(vault);
    const plan = await planWarmUp(parts, engineId);
    if (!plan.isDelayed) return { ready: plan.objects, total: plan.objects };
    return stepWarmUp(parts, plan, { keepWarmMs: KEEP_WARM_MS, signal });
  }

  async remove(vault: BackupVaultRecord): Promise<void> {
    const opened = this.#open.get(vault.vaultId);
    this.#open.delete(vault.vaultId);
    await (await opened)?.close();
    const store = await this.#options.openStore(vault, false);
    for await (const { key } of store.list('')) await store.delete(key);
  }

  async close(): Promise<void> {
    const opened = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(opened.map(async (repository) => (await repository).close()));
    await this.#workers?.close();
    this.#workers = undefined;
  }

  /** A failed opening is forgotten, so that the next call tries again. */
  #remember(vaultId: string, opening: Promise<Repository>): Promise<Repository> {
    this.#open.set(vaultId, opening);
    opening.catch(() => this.#open.delete(vaultId));
    return opening;
  }

  async #openExisting(place: VaultPlace): Promise<Repository> {
    const vault = await this.#options.vaults.getById(place.vaultId);
    if (vault === undefined) throw new Error(`there is no vault ${place.vaultId}`);
    const store = await this.#options.openStore(place, false);
    return openRepository(this.#repositoryOptions(vault.encryptionKeyArn, store));
  }

  #repositoryOptions(keyArn: string, store: RepositoryOptions['store']): RepositoryOptions {
    const { authority, keyProvider, limits, holder, sessions, clock } = this.#options;
    this.#workers ??= new PayloadWorkers(limits.threads, sessions);
    const workers = this.#workers;
    return { store, authority, keyProvider: keyProvider(keyArn), limits, holder, workers, clock };
  }
}
