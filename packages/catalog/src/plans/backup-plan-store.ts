import type {
  BackupPlanDocument,
  BackupPlanRecord,
  BackupPlanStore,
  BackupPlanVersionRecord,
  MissedOccurrences,
  NewBackupPlanVersion,
  Page,
  PageRequest,
  RuleCursor,
  Scope,
  TagStore,
  Tags,
} from '@holdfast/control';
import type { Selectable } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, toJson, toOptionalJson } from '../database/columns.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { PlanTables } from './tables.ts';

type PlanRow = Selectable<PlanTables['backup_plans']>;
type VersionRow = Selectable<PlanTables['backup_plan_versions']>;
type CursorRow = Selectable<PlanTables['backup_rule_cursors']>;

const MOST_TAGS = 1000;

/** Plans in the catalog. */
export class CatalogBackupPlanStore implements BackupPlanStore {
  readonly #catalog: Catalog;
  readonly #tags: TagStore;

  constructor(catalog: Catalog, tags: TagStore) {
    this.#catalog = catalog;
    this.#tags = tags;
  }

  async create(plan: BackupPlanRecord, cursors: readonly RuleCursor[], tags: Tags): Promise<void> {
    await this.#catalog.transaction(async () => {
      await this.#catalog.db
        .insertInto('backup_plans')
        .values({
          plan_id: plan.planId,
          account_id: plan.accountId,
          region: plan.region,
          arn: plan.arn,
          name: plan.document.BackupPlanName,
          creator_request_id: plan.creatorRequestId ?? null,
          managed_by: toOptionalJson(plan.managedBy),
          created_at: plan.createdAt,
          deleted_at: null,
          last_executed_at: null,
          version_id: plan.versionId,
          version_created_at: plan.versionCreatedAt,
          document: toJson(plan.document),
        })
        .execute();
      await this.#insertVersion(plan.planId, 1, plan.versionId, plan.versionCreatedAt, plan.document);
      await this.saveCursors(cursors);
      if (Object.keys(tags).length > 0) await this.#tags.put(plan.accountId, plan.arn, tags, MOST_TAGS);
    });
  }

  async get(scope: Scope, planId: string): Promise<BackupPlanRecord | undefined> {
    const row = await this.#plansOf(scope).where('plan_id', '=', planId).executeTakeFirst();
    return row === undefined ? undefined : planOf(row);
  }

  async findLiveByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined> {
    const row = await this.#liveNamed(scope, name).where('managed_by', 'is', null).executeTakeFirst();
    return row === undefined ? undefined : planOf(row);
  }

  async findManagedByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined> {
    const row = await this.#liveNamed(scope, name).where('managed_by', 'is not', null).executeTakeFirst();
    return row === undefined ? undefined : planOf(row);
  }

  #liveNamed(scope: Scope, name: string) {
    return this.#plansOf(scope).where('name', '=', name).where('deleted_at', 'is', null);
  }

  async listManaged(page: PageRequest): Promise<Page<BackupPlanRecord>> {
    const managed = this.#catalog.db
      .selectFrom('backup_plans')
      .selectAll()
      .where('managed_by', 'is not', null)
      .where('deleted_at', 'is', null);
    const found = await readPage(managed, {
      list: 'managed-backup-plans',
      filter: {},
      columns: ['plan_id'],
      direction: 'asc',
      page,
    });
    return mapPage(found, planOf);
  }

  async findLiveByCreatorRequestId(scope: Scope, creatorRequestId: string): Promise<BackupPlanRecord | undefined> {
    const row = await this.#plansOf(scope)
      .where('creator_request_id', '=', creatorRequestId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    return row === undefined ? undefined : planOf(row);
  }

  async countLive(scope: Scope): Promise<number> {
    const row = await this.#catalog.db
      .selectFrom('backup_plans')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async list(
    scope: Scope,
    options: { readonly includeDeleted: boolean },
    page: PageRequest,
  ): Promise<Page<BackupPlanRecord>> {
    const all = this.#plansOf(scope);
    const query = options.includeDeleted ? all : all.where('deleted_at', 'is', null);
    const found = await readPage(query, {
      list: 'backup-plans',
      filter: [scope.accountId, scope.region, options.includeDeleted],
      columns: ['created_at', 'plan_id'],
      direction: 'desc',
      page,
    });
    return mapPage(found, planOf);
  }

  async getVersion(planId: string, versionId: string): Promise<BackupPlanVersionRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('backup_plan_versions')
      .selectAll()
      .where('plan_id', '=', planId)
      .where('version_id', '=', versionId)
      .executeTakeFirst();
    return row === undefined ? undefined : versionOf(row);
  }

  async countVersions(planId: string): Promise<number> {
    const row = await this.#catalog.db
      .selectFrom('backup_plan_versions')
      .select(({ fn }) => fn.max('sequence').as('last'))
      .where('plan_id', '=', planId)
      .executeTakeFirst();
    return Number(row?.last ?? 0);
  }

  async listVersions(planId: string, page: PageRequest): Promise<Page<BackupPlanVersionRecord>> {
    const query = this.#catalog.db.selectFrom('backup_plan_versions').selectAll().where('plan_id', '=', planId);
    const found = await readPage(query, {
      list: 'backup-plan-versions',
      filter: planId,
      columns: ['sequence'],
      direction: 'desc',
      page,
    });
    return mapPage(found, versionOf);
  }

  async addVersion(planId: string, version: NewBackupPlanVersion): Promise<void> {
    await this.#catalog.transaction(async () => {
      const sequence = (await this.countVersions(planId)) + 1;
      await this.#insertVersion(planId, sequence, version.versionId, version.createdAt, version.document);
      await this.#catalog.db
        .updateTable('backup_plans')
        .set({
          name: version.document.BackupPlanName,
          version_id: version.versionId,
          version_created_at: version.createdAt,
          document: toJson(version.document),
        })
        .where('plan_id', '=', planId)
        .execute();
      await this.#catalog.db.deleteFrom('backup_rule_cursors').where('plan_id', '=', planId).execute();
      await this.saveCursors(version.cursors);
    });
  }

  async markDeleted(planId: string, deletedAt: number): Promise<void> {
    await this.#catalog.transaction(async () => {
      const update = this.#catalog.db.updateTable('backup_plans').set({ deleted_at: deletedAt });
      await update.where('plan_id', '=', planId).execute();
      await this.#catalog.db.deleteFrom('backup_rule_cursors').where('plan_id', '=', planId).execute();
    });
  }

  async listCursors(planId: string): Promise<readonly RuleCursor[]> {
    const query = this.#catalog.db.selectFrom('backup_rule_cursors').selectAll().where('plan_id', '=', planId);
    return (await query.orderBy('rule_id').execute()).map(cursorOf);
  }

  async listDuePlans(now: number, limit: number): Promise<readonly BackupPlanRecord[]> {
    const rows = await this.#catalog.db
      .selectFrom('backup_plans')
      .innerJoin(
        (inner) =>
          inner
            .selectFrom('backup_rule_cursors')
            .select((select) => ['plan_id', select.fn.min('next_fire_at').as('due_at')])
            .where('next_fire_at', '<=', now)
            .groupBy('plan_id')
            .as('due'),
        (join) => join.onRef('due.plan_id', '=', 'backup_plans.plan_id'),
      )
      .selectAll('backup_plans')
      .where('backup_plans.deleted_at', 'is', null)
      .orderBy('due.due_at')
      .orderBy('backup_plans.plan_id')
      .limit(limit)
      .execute();
    return rows.map(planOf);
  }

  async saveCursors(cursors: readonly RuleCursor[]): Promise<void> {
    if (cursors.length === 0) return;
    await this.#catalog.db
      .insertInto('backup_rule_cursors')
      .values(
        cursors.map((cursor) => ({
          plan_id: cursor.planId,
          rule_id: cursor.ruleId,
          account_id: cursor.accountId,
          region: cursor.region,
          decided_until: cursor.decidedUntil,
          anchor_at: cursor.anchorAt,
          next_fire_at: cursor.nextFireAt ?? null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['plan_id', 'rule_id']).doUpdateSet((row) => ({
          decided_until: row.ref('excluded.decided_until'),
          anchor_at: row.ref('excluded.anchor_at'),
          next_fire_at: row.ref('excluded.next_fire_at'),
        })),
      )
      .execute();
  }

  async recordExecution(planId: string, executedAt: number): Promise<void> {
    const update = this.#catalog.db.updateTable('backup_plans').set({ last_executed_at: executedAt });
    await update.where('plan_id', '=', planId).execute();
  }

  async recordMissed(missed: readonly MissedOccurrences[]): Promise<void> {
    if (missed.length === 0) return;
    await this.#catalog.db
      .insertInto('missed_occurrences')
      .values(
        missed.map((entry) => ({
          plan_id: entry.planId,
          recorded_at: entry.recordedAt,
          rule_id: entry.ruleId,
          first_at: entry.firstAt,
          last_at: entry.lastAt,
          occurrence_count: entry.count,
        })),
      )
      .execute();
  }

  async listMissed(planId: string, page: PageRequest): Promise<Page<MissedOccurrences>> {
    const query = this.#catalog.db.selectFrom('missed_occurrences').selectAll().where('plan_id', '=', planId);
    const found = await readPage(query, {
      list: 'missed-occurrences',
      filter: planId,
      columns: ['recorded_at', 'rule_id'],
      direction: 'desc',
      page,
    });
    return mapPage(found, (row) => ({
      planId: row.plan_id,
      ruleId: row.rule_id,
      firstAt: row.first_at,
      lastAt: row.last_at,
      count: row.occurrence_count,
      recordedAt: row.recorded_at,
    }));
  }

  #plansOf(scope: Scope) {
    return this.#catalog.db
      .selectFrom('backup_plans')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region);
  }

  async #insertVersion(
    planId: string,
    sequence: number,
    versionId: string,
    createdAt: number,
    document: BackupPlanDocument,
  ): Promise<void> {
    await this.#catalog.db
      .insertInto('backup_plan_versions')
      .values({
        plan_id: planId,
        sequence,
        version_id: versionId,
        created_at: createdAt,
        document: toJson(document),
      })
      .execute();
  }
}

function planOf(row: PlanRow): BackupPlanRecord {
  return {
    planId: row.plan_id,
    accountId: row.account_id,
    region: row.region,
    arn: row.arn,
    createdAt: row.created_at,
    versionId: row.version_id,
    versionCreatedAt: row.version_created_at,
    document: fromJson(row.document),
    ...(row.creator_request_id === null ? {} : { creatorRequestId: row.creator_request_id }),
    ...(row.managed_by === null ? {} : { managedBy: fromJson(row.managed_by) }),
    ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
    ...(row.last_executed_at === null ? {} : { lastExecutedAt: row.last_executed_at }),
  };
}

function versionOf(row: VersionRow): BackupPlanVersionRecord {
  return {
    planId: row.plan_id,
    versionId: row.version_id,
    sequence: row.sequence,
    createdAt: row.created_at,
    document: fromJson(row.document),
  };
}

function cursorOf(row: CursorRow): RuleCursor {
  return {
    planId: row.plan_id,
    ruleId: row.rule_id,
    accountId: row.account_id,
    region: row.region,
    decidedUntil: row.decided_until,
    anchorAt: row.anchor_at,
    ...(row.next_fire_at === null ? {} : { nextFireAt: row.next_fire_at }),
  };
}
