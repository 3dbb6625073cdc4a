import {
  type HeldContent,
  type HeldRecoveryPoint,
  type LegalHoldCriteria,
  type LegalHoldRecord,
  type LegalHoldStatus,
  type LegalHoldStore,
  type Page,
  type PageRequest,
  type RecoveryPointKey,
  recoveryPointKey,
  type Scope,
  type TagStore,
  type Tags,
} from '@holdfast/control';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toFlag, toJson } from '../database/columns.ts';
import { allOf, equals, oneOf } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { LegalHoldTables } from './tables.ts';

type HoldRow = Selectable<LegalHoldTables['legal_holds']>;

const UNSETTLED = ['CREATING', 'CANCELING'] as const;
const ACTIVE = ['CREATING', 'ACTIVE'] as const;
const NOT_TAKEN_IN = ['EXPIRED', 'DELETING'] as const;
/** Well below what either database takes as parameters of one statement. */
const POINTS_AT_ONCE = 1000;

/** Legal holds in the catalog. */
export class CatalogLegalHoldStore implements LegalHoldStore {
  readonly #catalog: Catalog;
  readonly #tags: TagStore;

  constructor(catalog: Catalog, tags: TagStore) {
    this.#catalog = catalog;
    this.#tags = tags;
  }

  async create(hold: LegalHoldRecord, tags: Tags): Promise<void> {
    await this.#catalog.transaction(async () => {
      await this.#catalog.db.insertInto('legal_holds').values(rowOf(hold)).execute();
      await this.#catalog.db
        .insertInto('held_recovery_points')
        .columns(['hold_id', 'arn', 'vault_id', 'is_placed'])
        .expression((from) =>
          from
            .selectFrom('recovery_points')
            .select((select) => [
              select.val(hold.holdId).as('hold_id'),
              'arn',
              'vault_id',
              select.lit(0).as('is_placed'),
            ])
            .where(takesIn(hold))
            // In the order of the index, so that a hold on very many does not write all over the file.
            .orderBy('vault_id')
            .orderBy('arn'),
        )
        .execute();
      if (Object.keys(tags).length > 0) {
        await this.#tags.put(hold.accountId, hold.arn, tags, Number.POSITIVE_INFINITY);
      }
    });
  }

  async restore(hold: LegalHoldRecord, points: readonly RecoveryPointKey[]): Promise<void> {
    const rows = points.map(({ vaultId, arn }) => ({ hold_id: hold.holdId, vault_id: vaultId, arn, is_placed: 1 }));
    await this.#catalog.transaction(async () => {
      const { db } = this.#catalog;
      await db
        .insertInto('legal_holds')
        .values(rowOf(hold))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (let start = 0; start < rows.length; start += POINTS_AT_ONCE) {
        await db
          .insertInto('held_recovery_points')
          .values(rows.slice(start, start + POINTS_AT_ONCE))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    });
  }

  async get(scope: Scope, holdId: string): Promise<LegalHoldRecord | undefined> {
    const row = await this.#holdsOf(scope).where('hold_id', '=', holdId).executeTakeFirst();
    return row === undefined ? undefined : holdOf(row);
  }

  async findByIdempotencyToken(scope: Scope, token: string): Promise<LegalHoldRecord | undefined> {
    const row = await this.#holdsOf(scope).where('idempotency_token', '=', token).executeTakeFirst();
    return row === undefined ? undefined : holdOf(row);
  }

  async countActive(accountId: string): Promise<number> {
    const row = await this.#catalog.db
      .selectFrom('legal_holds')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
      .where('status', 'in', ACTIVE)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<LegalHoldRecord>> {
    const found = await readPage(this.#holdsOf(scope), {
      list: 'legal-holds',
      filter: [scope.accountId, scope.region],
      columns: ['created_at', 'hold_id'],
      direction: 'desc',
      page,
    });
    return mapPage(found, holdOf);
  }

  async listRecoveryPoints(holdId: string, page: PageRequest): Promise<Page<HeldRecoveryPoint>> {
    const query = this.#catalog.db
      .selectFrom((from) =>
        from
          .selectFrom('held_recovery_points as held')
          .innerJoin('recovery_points as point', (join) =>
            join.onRef('point.vault_id', '=', 'held.vault_id').onRef('point.arn', '=', 'held.arn'),
          )
          .select(['held.arn', 'held.vault_id', 'point.vault_name', 'point.resource_arn', 'point.resource_type'])
          .where('held.hold_id', '=', holdId)
          .as('held'),
      )
      .selectAll();
    const found = await readPage(query, {
      list: 'held-recovery-points',
      filter: holdId,
      columns: ['arn', 'vault_id'],
      direction: 'asc',
      page,
    });
    return mapPage(found, (row) => ({
      recoveryPointArn: row.arn,
      vaultId: row.vault_id,
      vaultName: row.vault_name,
      resourceArn: row.resource_arn,
      resourceType: row.resource_type,
    }));
  }

  async cancel(
    holdId: string,
    cancellation: { readonly at: number; readonly description: string; readonly retainRecordUntil: number },
  ): Promise<boolean> {
    const result = await this.#catalog.db
      .updateTable('legal_holds')
      .set({
        status: 'CANCELING',
        cancelled_at: cancellation.at,
        cancel_description: cancellation.description,
        retain_record_until: cancellation.retainRecordUntil,
      })
      .where('hold_id', '=', holdId)
      .where('status', '=', 'ACTIVE')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async listUnsettled(page: PageRequest): Promise<Page<LegalHoldRecord>> {
    const unsettled = this.#catalog.db.selectFrom('legal_holds').selectAll().where('status', 'in', UNSETTLED);
    const found = await readPage(unsettled, {
      list: 'legal-holds-unsettled',
      filter: {},
      columns: ['created_at', 'hold_id'],
      direction: 'asc',
      page,
    });
    return mapPage(found, holdOf);
  }

  listToPlace(holdId: string, limit: number): Promise<readonly HeldContent[]> {
    return this.#content(holdId, false, limit);
  }

  listToRelease(holdId: string, limit: number): Promise<readonly HeldContent[]> {
    return this.#content(holdId, true, limit);
  }

  async #content(holdId: string, isPlaced: boolean, limit: number): Promise<readonly HeldContent[]> {
    const rows = await this.#catalog.db
      .selectFrom('held_recovery_points as held')
      .innerJoin('recovery_points as point', (join) =>
        join.onRef('point.vault_id', '=', 'held.vault_id').onRef('point.arn', '=', 'held.arn'),
      )
      .select(['point.vault_id', 'point.arn', 'point.account_id', 'point.region', 'point.engine_id'])
      .where('held.hold_id', '=', holdId)
      .where('held.is_placed', '=', toFlag(isPlaced))
      .where('point.is_continuous', '=', toFlag(false))
      .orderBy('held.vault_id')
      .orderBy('held.arn')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      vaultId: row.vault_id,
      arn: row.arn,
      accountId: row.account_id,
      region: row.region,
      engineId: row.engine_id,
    }));
  }

  async setPlaced(holdId: string, { vaultId, arn }: RecoveryPointKey, isPlaced: boolean): Promise<void> {
    await this.#catalog.db
      .updateTable('held_recovery_points')
      .set({ is_placed: toFlag(isPlaced) })
      .where('hold_id', '=', holdId)
      .where('vault_id', '=', vaultId)
      .where('arn', '=', arn)
      .execute();
  }

  async settle(holdId: string): Promise<LegalHoldStatus | undefined> {
    return await this.#catalog.transaction(async () => {
      const status = await this.#statusOf(holdId);
      const isPlacing = status === 'CREATING';
      if (!isPlacing && status !== 'CANCELING') return status;
      if ((await this.#content(holdId, !isPlacing, 1)).length > 0) return status;
      const settled = isPlacing ? 'ACTIVE' : 'CANCELED';
      await this.#catalog.db
        .updateTable('legal_holds')
        .set({ status: settled })
        .where('hold_id', '=', holdId)
        .execute();
      return settled;
    });
  }

  async #statusOf(holdId: string): Promise<LegalHoldStatus | undefined> {
    const row = await this.#catalog.db
      .selectFrom('legal_holds')
      .select('status')
      .where('hold_id', '=', holdId)
      .executeTakeFirst();
    return row?.status as LegalHoldStatus | undefined;
  }

  async isBeingReleased({ vaultId, arn }: RecoveryPointKey): Promise<boolean> {
    const row = await this.#catalog.db
      .selectFrom('held_recovery_points as held')
      .innerJoin('legal_holds as hold', 'hold.hold_id', 'held.hold_id')
      .select('held.arn')
      .where('held.vault_id', '=', vaultId)
      .where('held.arn', '=', arn)
      .where('held.is_placed', '=', toFlag(true))
      .where('hold.status', '=', 'CANCELING')
      .executeTakeFirst();
    return row !== undefined;
  }

  async activeHoldsOn(points: readonly RecoveryPointKey[]): Promise<ReadonlyMap<string, readonly LegalHoldRecord[]>> {
    const found = new Map<string, LegalHoldRecord[]>();
    for (let start = 0; start < points.length; start += POINTS_AT_ONCE) {
      const keys = points.slice(start, start + POINTS_AT_ONCE).map(({ vaultId, arn }) => sql`(${vaultId}, ${arn})`);
      const rows = await this.#catalog.db
        .selectFrom('held_recovery_points as held')
        .innerJoin('legal_holds as hold', 'hold.hold_id', 'held.hold_id')
        .selectAll('hold')
        .select(['held.arn as point_arn', 'held.vault_id'])
        .where('hold.status', 'in', ACTIVE)
        .where(sql<boolean>`(held.vault_id, held.arn) in (values ${sql.join(keys)})`)
        .orderBy('hold.created_at')
        .execute();
      for (const row of rows) {
        const key = recoveryPointKey({ vaultId: row.vault_id, arn: row.point_arn });
        found.set(key, [...(found.get(key) ?? []), holdOf(row)]);
      }
    }
    return found;
  }

  async purge(now: number): Promise<number> {
    return await this.#catalog.transaction(async () => {
      const over = await this.#catalog.db
        .selectFrom('legal_holds')
        .select(['hold_id', 'account_id', 'arn'])
        .where('retain_record_until', '<=', now)
        .where('status', '=', 'CANCELED')
        .execute();
      for (const hold of over) {
        await this.#catalog.db.deleteFrom('held_recovery_points').where('hold_id', '=', hold.hold_id).execute();
        await this.#catalog.db.deleteFrom('legal_holds').where('hold_id', '=', hold.hold_id).execute();
        await this.#tags.removeAll(hold.account_id, hold.arn);
      }
      return over.length;
    });
  }

  #holdsOf(scope: Scope) {
    return this.#catalog.db
      .selectFrom('legal_holds')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region);
  }
}

/** The recovery points that a hold takes in (HOLD-12). */
function takesIn({ accountId, region, criteria }: LegalHoldRecord): RawBuilder<boolean> {
  const { vaultNames, resourceIdentifiers, createdFrom, createdTo }: LegalHoldCriteria = criteria;
  const names =
    resourceIdentifiers === undefined ? undefined : sql.join(resourceIdentifiers.map((name) => sql`${name}`));
  return allOf([
    equals('account_id', accountId),
    equals('region', region),
    sql<boolean>`status not in (${sql.join(NOT_TAKEN_IN)})`,
    oneOf('vault_name', vaultNames),
    names === undefined ? undefined : sql<boolean>`(resource_arn in (${names}) or resource_type in (${names}))`,
    createdFrom === undefined ? undefined : sql<boolean>`created_at >= ${createdFrom}`,
    createdTo === undefined ? undefined : sql<boolean>`created_at <= ${createdTo}`,
  ]);
}

function rowOf(hold: LegalHoldRecord): HoldRow {
  return {
    hold_id: hold.holdId,
    account_id: hold.accountId,
    region: hold.region,
    arn: hold.arn,
    title: hold.title,
    description: hold.description,
    status: hold.status,
    criteria: toJson(hold.criteria),
    created_at: hold.createdAt,
    idempotency_token: hold.idempotencyToken ?? null,
    request_fingerprint: hold.requestFingerprint,
    cancelled_at: hold.cancelledAt ?? null,
    cancel_description: hold.cancelDescription ?? null,
    retain_record_until: hold.retainRecordUntil ?? null,
  };
}

function holdOf(row: HoldRow): LegalHoldRecord {
  return {
    holdId: row.hold_id,
    accountId: row.account_id,
    region: row.region,
    arn: row.arn,
    title: row.title,
    description: row.description,
    status: row.status as LegalHoldRecord['status'],
    criteria: fromJson(row.criteria),
    createdAt: row.created_at,
    requestFingerprint: row.request_fingerprint,
    ...present({
      idempotencyToken: row.idempotency_token,
      cancelledAt: row.cancelled_at,
      cancelDescription: row.cancel_description,
      retainRecordUntil: row.retain_record_until,
    }),
  };
}
