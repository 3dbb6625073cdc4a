import {
  type ContinuousBackupRecord,
  type ContinuousBackupStore,
  type ContinuousBase,
  type ContinuousChange,
  type ContinuousCondition,
  type ContinuousState,
  LIVE_STATES,
} from '../continuous/continuous-backup-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';
import { ascending, fits, pageOf } from './page-of.ts';

/** Continuous backups as plain maps. */
export class MemoryContinuousBackupStore implements ContinuousBackupStore {
  readonly #records = new Map<string, ContinuousBackupRecord>();
  readonly #bases = new Map<string, ContinuousBase>();

  all(): readonly ContinuousBackupRecord[] {
    return [...this.#records.values()].sort(ascending(({ continuousId }) => continuousId));
  }

  async create(record: ContinuousBackupRecord): Promise<ContinuousBackupRecord> {
    const live = await this.live(record, record.resourceArn);
    if (live !== undefined) return live;
    this.#records.set(record.continuousId, record);
    return record;
  }

  async get(continuousId: string): Promise<ContinuousBackupRecord | undefined> {
    return this.#records.get(continuousId);
  }

  async ofRecoveryPoint(vaultId: string, recoveryPointArn: string): Promise<ContinuousBackupRecord | undefined> {
    return this.all().find((record) => record.vaultId === vaultId && record.recoveryPointArn === recoveryPointArn);
  }

  async live(scope: Scope, resourceArn: string): Promise<ContinuousBackupRecord | undefined> {
    return this.all().find(
      (record) =>
        record.accountId === scope.accountId &&
        record.region === scope.region &&
        record.resourceArn === resourceArn &&
        LIVE_STATES.includes(record.state),
    );
  }

  async list(
    query: { readonly scope?: Scope; readonly states?: readonly ContinuousState[] },
    page: PageRequest,
  ): Promise<Page<ContinuousBackupRecord>> {
    const found = this.all().filter(
      (record) =>
        fits(record.accountId, query.scope?.accountId) &&
        fits(record.region, query.scope?.region) &&
        (query.states?.includes(record.state) ?? true),
    );
    return pageOf(found, ({ continuousId }) => continuousId, page);
  }

  async change(
    continuousId: string,
    change: ContinuousChange,
    condition: ContinuousCondition = {},
  ): Promise<ContinuousBackupRecord | undefined> {
    const record = this.#records.get(continuousId);
    if (record === undefined || !fits(record.fence, condition.fence)) return undefined;
    if (condition.states?.includes(record.state) === false) return undefined;
    const changed: Record<string, unknown> = { ...record };
    for (const [name, value] of Object.entries(change)) {
      if (value === null) delete changed[name];
      else if (value !== undefined) changed[name] = value;
    }
    const kept = changed as Record<string, unknown> & ContinuousBackupRecord;
    this.#records.set(continuousId, kept);
    return kept;
  }

  async remove(continuousId: string): Promise<void> {
    this.#records.delete(continuousId);
    for (const [key, base] of this.#bases) if (base.continuousId === continuousId) this.#bases.delete(key);
  }

  async claim(workerId: string, now: number, leaseMs: number): Promise<ContinuousBackupRecord | undefined> {
    const free = this.all().find(
      ({ state, dueAt, lease }) =>
        state !== 'STOPPED' && dueAt <= now && (lease === undefined || lease.expiresAt <= now),
    );
    if (free === undefined) return undefined;
    const claimed = { ...free, fence: free.fence + 1, lease: { workerId, expiresAt: now + leaseMs } };
    this.#records.set(free.continuousId, claimed);
    return claimed;
  }

  async heartbeat(continuousId: string, fence: number, expiresAt: number): Promise<ContinuousBackupRecord | undefined> {
    const record = this.#records.get(continuousId);
    if (record?.lease === undefined || record.fence !== fence) return undefined;
    const renewed = { ...record, lease: { ...record.lease, expiresAt } };
    this.#records.set(continuousId, renewed);
    return renewed;
  }

  async release(continuousId: string, fence: number, dueAt: number): Promise<void> {
    const record = this.#records.get(continuousId);
    if (record === undefined || record.fence !== fence) return;
    const { lease: _ended, ...free } = record;
    this.#records.set(continuousId, { ...free, dueAt });
  }

  async addBase(base: ContinuousBase): Promise<void> {
    const key = `${base.continuousId} ${base.engineId}`;
    if (!this.#bases.has(key)) this.#bases.set(key, base);
  }

  async bases(continuousId: string): Promise<readonly ContinuousBase[]> {
    return [...this.#bases.values()]
      .filter((base) => base.continuousId === continuousId)
      .sort((a, b) => a.consistentAt - b.consistentAt || a.completedAt - b.completedAt);
  }

  async removeBase(continuousId: string, engineId: string): Promise<void> {
    this.#bases.delete(`${continuousId} ${engineId}`);
  }
}
