import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import type {
  Authority,
  CommittedRecoveryPoint,
  CountedPack,
  LeaseRequest,
  PackFacts,
  PackId,
  ReadLease,
  RecoveryPointCommit,
  WriteLease,
} from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import { AUTHORITY_SCHEMA } from './authority-schema.ts';
import type { CollectionAuthority } from './collection-authority.ts';
import { COLLECTION_SCHEMA } from './collection-schema.ts';
import { SqliteCollection } from './sqlite-collection.ts';
import { commitPoint } from './sqlite-point-commit.ts';

type Row = Record<string, unknown>;
type Value = string | number | null;

export interface SqliteAuthorityOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** Default `Date.now`. */
  readonly clock?: () => number;
}

function toPack(row: Row): CountedPack {
  return {
    packId: String(row['pack']),
    kind: row['kind'] === 'data' ? 'data' : 'tree',
    sizeBytes: Number(row['size']),
    ...(row['cohort_until'] === null ? {} : { cohortUntilAt: Number(row['cohort_until']) }),
    merkleRoot: String(row['root']),
    crc32: Number(row['crc']),
    referenceCount: Number(row['refs']),
    usedBytes: Number(row['used']),
    state: row['state'] as CountedPack['state'],
    ...(row['withdrawn_at'] === null ? {} : { withdrawnAt: Number(row['withdrawn_at']) }),
  };
}

/** The authority on a database of its own: for the engine as a library, for tests, and for one machine. */
export class SqliteAuthority implements Authority {
  readonly collection: CollectionAuthority;
  readonly #database: DatabaseSync;
  readonly #clock: () => number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: SqliteAuthorityOptions) {
    this.#database = new DatabaseSync(options.path);
    this.#clock = options.clock ?? Date.now;
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;');
    this.#database.exec(AUTHORITY_SCHEMA);
    this.#database.exec(COLLECTION_SCHEMA);
    this.collection = new SqliteCollection({
      database: this.#database,
      transaction: (body) => this.#transaction(body),
      checkWriteLease: (lease) => this.#checkWriteLease(lease),
      endWriteLease: (lease) => this.#endWriteLease(lease),
      endLapsedLeases: () => this.#endLapsedLeases(),
      toPack,
    });
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #all(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #get(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #run(sql: string, ...values: Value[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  async #transaction<T>(body: () => T): Promise<T> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  acquireWriteLease(request: LeaseRequest): Promise<WriteLease> {
    return this.#transaction(() => {
      this.#endLapsedLeases();
      const { vaultId, recoveryPointId, holder, ttlMs } = request;
      if (this.#get('SELECT 1 FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId) !== undefined) {
        throw new AuthorityError('already-exists', `recovery point ${recoveryPointId} is already committed`);
      }
      this.#run('INSERT INTO fence VALUES (?, 1) ON CONFLICT (vault) DO UPDATE SET last = last + 1', vaultId);
      const fence = Number(this.#get('SELECT last FROM fence WHERE vault = ?', vaultId)?.['last']);
      const leaseId = randomUUID();
      const expiresAt = this.#clock() + ttlMs;
      this.#run(
        'INSERT INTO write_lease VALUES (?, ?, ?, ?, ?, ?)',
        leaseId,
        vaultId,
        recoveryPointId,
        fence,
        holder,
        expiresAt,
      );
      return { vaultId, leaseId, recoveryPointId, fence, expiresAt };
    });
  }

  /** A lapsed writer loses its lease for good, so that it can never commit after its packs were collected. */
  #endLapsedLeases(): void {
    const now = this.#clock();
    this.#run('DELETE FROM pin WHERE lease IN (SELECT lease FROM write_lease WHERE expires_at <= ?)', now);
    this.#run('DELETE FROM write_lease WHERE expires_at <= ?', now);
    this.#run('DELETE FROM read_lease WHERE expires_at <= ?', now);
  }

  #checkWriteLease(lease: WriteLease): void {
    const row = this.#get('SELECT expires_at FROM write_lease WHERE lease = ?', lease.leaseId);
    if (row === undefined || Number(row['expires_at']) <= this.#clock()) {
      throw new AuthorityError(
        'lease-lost',
        `the write lease of recovery point ${lease.recoveryPointId} (fence ${lease.fence}) lapsed or was released`,
      );
    }
  }

  renewWriteLease(lease: WriteLease, ttlMs: number): Promise<WriteLease> {
    return this.#transaction(() => {
      this.#checkWriteLease(lease);
      const expiresAt = this.#clock() + ttlMs;
      this.#run('UPDATE write_lease SET expires_at = ? WHERE lease = ?', expiresAt, lease.leaseId);
      return { ...lease, expiresAt };
    });
  }

  releaseWriteLease(lease: WriteLease): Promise<void> {
    return this.#transaction(() => this.#endWriteLease(lease));
  }

  #endWriteLease(lease: WriteLease): void {
    this.#run('DELETE FROM pin WHERE lease = ?', lease.leaseId);
    this.#run('DELETE FROM write_lease WHERE lease = ?', lease.leaseId);
  }

  acquireReadLease(request: LeaseRequest): Promise<ReadLease> {
    return this.#transaction(() => {
      const { vaultId, recoveryPointId, holder, ttlMs } = request;
      if (this.#get('SELECT 1 FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId) === undefined) {
        throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId} in vault ${vaultId}`);
      }
      const leaseId = randomUUID();
      const expiresAt = this.#clock() + ttlMs;
      this.#run('INSERT INTO read_lease VALUES (?, ?, ?, ?, ?)', leaseId, vaultId, recoveryPointId, holder, expiresAt);
      return { vaultId, leaseId, recoveryPointId, expiresAt };
    });
  }

  renewReadLease(lease: ReadLease, ttlMs: number): Promise<ReadLease> {
    return this.#transaction(() => {
      const now = this.#clock();
      const sql = 'UPDATE read_lease SET expires_at = ? WHERE lease = ? AND expires_at > ?';
      if (this.#run(sql, now + ttlMs, lease.leaseId, now) === 0) {
        throw new AuthorityError('lease-lost', `the read lease of recovery point ${lease.recoveryPointId} lapsed`);
      }
      return { ...lease, expiresAt: now + ttlMs };
    });
  }

  releaseReadLease(lease: ReadLease): Promise<void> {
    return this.#transaction(() => {
      this.#run('DELETE FROM read_lease WHERE lease = ?', lease.leaseId);
    });
  }

  pinPacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.#transaction(() => {
      this.#checkWriteLease(lease);
      return packIds.filter((packId) => {
        const row = this.#get(
          `SELECT 1 FROM pack p WHERE vault = ? AND pack = ? AND ${PINNABLE}`,
          lease.vaultId,
          packId,
        );
        if (row === undefined) return false;
        this.#run('INSERT OR IGNORE INTO pin VALUES (?, ?, ?)', lease.vaultId, packId, lease.leaseId);
        return true;
      });
    });
  }

  recordPacks(lease: WriteLease, packs: readonly PackFacts[]): Promise<void> {
    return this.#transaction(() => {
      this.#checkWriteLease(lease);
      for (const pack of packs) {
        this.#run(
          `INSERT OR IGNORE INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 'written', ?, NULL)`,
          lease.vaultId,
          pack.packId,
          pack.kind,
          pack.sizeBytes,
          pack.cohortUntilAt ?? null,
          pack.merkleRoot,
          pack.crc32,
          lease.leaseId,
        );
      }
    });
  }

  commit(lease: WriteLease, commit: RecoveryPointCommit): Promise<void> {
    return this.#transaction(() => {
      this.#checkWriteLease(lease);
      commitPoint(this.#database, this.#clock(), lease, commit);
      this.#endWriteLease(lease);
    });
  }

  #toPoint(row: Row): CommittedRecoveryPoint {
    const [vault, point] = [String(row['vault']), String(row['point'])];
    const holds = this.#all('SELECT hold FROM hold WHERE vault = ? AND point = ? ORDER BY hold', vault, point);
    return {
      recoveryPointId: point,
      fence: Number(row['fence']),
      ...(row['parent'] === null ? {} : { parentId: String(row['parent']) }),
      createdAt: Number(row['created_at']),
      retention: JSON.parse(String(row['retention'])) as RecoveryPointRetention,
      logicalBytes: Number(row['logical_bytes']),
      itemCount: Number(row['items']),
      holds: holds.map((hold) => String(hold['hold'])),
    };
  }

  async recoveryPoint(vaultId: string, recoveryPointId: string): Promise<CommittedRecoveryPoint | undefined> {
    const row = this.#get('SELECT * FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId);
    return row === undefined ? undefined : this.#toPoint(row);
  }

  async recoveryPoints(
    vaultId: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly CommittedRecoveryPoint[]> {
    const sql = 'SELECT * FROM point WHERE vault = ? AND point > ? ORDER BY point LIMIT ?';
    return this.#all(sql, vaultId, after ?? '', limit).map((row) => this.#toPoint(row));
  }

  async segments(vaultId: string): Promise<readonly string[]> {
    const rows = this.#all('SELECT segment FROM segment WHERE vault = ? ORDER BY segment', vaultId);
    return rows.map((row) => String(row['segment']));
  }

  replaceSegments(vaultId: string, added: readonly string[], retired: readonly string[]): Promise<void> {
    return this.#transaction(() => {
      for (const segment of added) this.#run('INSERT OR IGNORE INTO segment VALUES (?, ?)', vaultId, segment);
      for (const segment of retired) {
        this.#run('DELETE FROM segment WHERE vault = ? AND segment = ?', vaultId, segment);
        this.#run('INSERT OR IGNORE INTO segment_retired VALUES (?, ?, ?)', vaultId, segment, this.#clock());
      }
    });
  }

  #requirePoint(vaultId: string, recoveryPointId: string): CommittedRecoveryPoint {
    const row = this.#get('SELECT * FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId);
    if (row === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
    return this.#toPoint(row);
  }

  setRetention(vaultId: string, recoveryPointId: string, retention: RecoveryPointRetention): Promise<void> {
    return this.#transaction(() => {
      const { lockedUntilAt } = this.#requirePoint(vaultId, recoveryPointId).retention;
      const isShorter = lockedUntilAt !== undefined && (retention.lockedUntilAt ?? 0) < lockedUntilAt;
      if (isShorter && lockedUntilAt > this.#clock()) {
        throw new AuthorityError('locked', `the lock of recovery point ${recoveryPointId} cannot become shorter`);
      }
      this.#run(
        'UPDATE point SET retention = ? WHERE vault = ? AND point = ?',
        JSON.stringify(retention),
        vaultId,
        recoveryPointId,
      );
    });
  }

  addHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void> {
    return this.#transaction(() => {
      this.#requirePoint(vaultId, recoveryPointId);
      this.#run('INSERT OR IGNORE INTO hold VALUES (?, ?, ?)', vaultId, recoveryPointId, hold);
    });
  }

  removeHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void> {
    return this.#transaction(() => {
      this.#run('DELETE FROM hold WHERE vault = ? AND point = ? AND hold = ?', vaultId, recoveryPointId, hold);
    });
  }

  deleteRecoveryPoint(vaultId: string, recoveryPointId: string): Promise<void> {
    return this.#transaction(() => {
      this.#endLapsedLeases();
      const point = this.#requirePoint(vaultId, recoveryPointId);
      this.#refuseDeletion(vaultId, point);
      this.#run(
        `UPDATE pack SET refs = pack.refs - 1, used = pack.used - u.used FROM pack_use u
         WHERE u.vault = ?1 AND u.point = ?2 AND pack.vault = ?1 AND pack.pack = u.pack`,
        vaultId,
        recoveryPointId,
      );
      this.#run('DELETE FROM pack_use WHERE vault = ? AND point = ?', vaultId, recoveryPointId);
      this.#run('DELETE FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId);
    });
  }

  #refuseDeletion(vaultId: string, point: CommittedRecoveryPoint): void {
    const { recoveryPointId, retention, holds } = point;
    if (holds.length > 0) {
      throw new AuthorityError('held', `recovery point ${recoveryPointId} is under legal hold: ${holds.join(', ')}`);
    }
    if ((retention.lockedUntilAt ?? 0) > this.#clock()) {
      const until = new Date(retention.lockedUntilAt ?? 0).toISOString();
      throw new AuthorityError('locked', `recovery point ${recoveryPointId} is locked until ${until}`);
    }
    const sql = 'SELECT holder FROM read_lease WHERE vault = ? AND point = ?';
    const reader = this.#get(sql, vaultId, recoveryPointId);
    if (reader !== undefined) {
      throw new AuthorityError('in-use', `recovery point ${recoveryPointId} is being read by ${reader['holder']}`);
    }
  }

  async packs(vaultId: string, packIds: readonly PackId[]): Promise<readonly CountedPack[]> {
    return packIds.flatMap((packId) => {
      const row = this.#get('SELECT * FROM pack WHERE vault = ? AND pack = ?', vaultId, packId);
      return row === undefined ? [] : [toPack(row)];
    });
  }

  async allPacks(vaultId: string, after: PackId | undefined, limit: number): Promise<readonly CountedPack[]> {
    const sql = 'SELECT * FROM pack WHERE vault = ? AND pack > ? ORDER BY pack LIMIT ?';
    return this.#all(sql, vaultId, after ?? '', limit).map(toPack);
  }

  collectablePacks(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    return this.#transaction(() => {
      this.#endLapsedLeases();
      return this.#all(
        `SELECT * FROM pack p WHERE vault = ?1 AND state <> 'withdrawn' AND ${UNNEEDED} ORDER BY pack LIMIT ?2`,
        vaultId,
        limit,
      ).map(toPack);
    });
  }

  withdrawPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.#transaction(() => {
      this.#endLapsedLeases();
      const sql = `UPDATE pack AS p SET state = 'withdrawn', withdrawn_at = ifnull(withdrawn_at, ?)
        WHERE vault = ? AND pack = ? AND ${UNNEEDED}`;
      return packIds.filter((packId) => this.#run(sql, this.#clock(), vaultId, packId) > 0);
    });
  }

  forgetPacks(vaultId: string, packIds: readonly PackId[]): Promise<void> {
    return this.#transaction(() => {
      const sql = `DELETE FROM pack WHERE vault = ? AND pack = ? AND state = 'withdrawn'`;
      for (const packId of packIds) this.#run(sql, vaultId, packId);
    });
  }
}

/** Live, not being emptied by a move of its frames, in the warm tier, and not found damaged. */
const PINNABLE = `state = 'live'
  AND NOT EXISTS (SELECT 1 FROM pack_closed c WHERE c.vault = p.vault AND c.pack = p.pack)
  AND NOT EXISTS (SELECT 1 FROM pack_cold c WHERE c.vault = p.vault AND c.pack = p.pack)
  AND NOT EXISTS (SELECT 1 FROM pack_check c WHERE c.vault = p.vault AND c.pack = p.pack AND c.damage IS NOT NULL)`;

/** No reference, no pin, and no running lease that may still commit it. */
const UNNEEDED = `refs = 0
  AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.vault = p.vault AND pin.pack = p.pack)
  AND (lease IS NULL OR NOT EXISTS (SELECT 1 FROM write_lease w WHERE w.lease = p.lease))`;
