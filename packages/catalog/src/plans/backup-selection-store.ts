import type { BackupSelectionRecord, BackupSelectionStore, Page, PageRequest } from '@holdfast/control';
import type { Selectable } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, toJson } from '../database/columns.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { PlanTables } from './tables.ts';

/** Selections in the catalog. */
export class CatalogBackupSelectionStore implements BackupSelectionStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(selection: BackupSelectionRecord): Promise<void> {
    await this.#catalog.db
      .insertInto('backup_selections')
      .values({
        selection_id: selection.selectionId,
        plan_id: selection.planId,
        account_id: selection.accountId,
        region: selection.region,
        creator_request_id: selection.creatorRequestId ?? null,
        created_at: selection.createdAt,
        document: toJson(selection.document),
      })
      .execute();
  }

  async get(planId: string, selectionId: string): Promise<BackupSelectionRecord | undefined> {
    const row = await this.#ofPlan(planId).where('selection_id', '=', selectionId).executeTakeFirst();
    return row === undefined ? undefined : selectionOf(row);
  }

  async listOfPlan(planId: string): Promise<readonly BackupSelectionRecord[]> {
    const rows = await this.#ofPlan(planId).orderBy('created_at').orderBy('selection_id').execute();
    return rows.map(selectionOf);
  }

  async list(planId: string, page: PageRequest): Promise<Page<BackupSelectionRecord>> {
    const found = await readPage(this.#ofPlan(planId), {
      list: 'backup-selections',
      filter: planId,
      columns: ['created_at', 'selection_id'],
      direction: 'desc',
      page,
    });
    return mapPage(found, selectionOf);
  }

  async remove(planId: string, selectionId: string): Promise<boolean> {
    const result = await this.#catalog.db
      .deleteFrom('backup_selections')
      .where('plan_id', '=', planId)
      .where('selection_id', '=', selectionId)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  #ofPlan(planId: string) {
    return this.#catalog.db.selectFrom('backup_selections').selectAll().where('plan_id', '=', planId);
  }
}

function selectionOf(row: Selectable<PlanTables['backup_selections']>): BackupSelectionRecord {
  return {
    selectionId: row.selection_id,
    planId: row.plan_id,
    accountId: row.account_id,
    region: row.region,
    createdAt: row.created_at,
    document: fromJson(row.document),
    ...(row.creator_request_id === null ? {} : { creatorRequestId: row.creator_request_id }),
  };
}
