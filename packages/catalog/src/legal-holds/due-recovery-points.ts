import type { DueRecoveryPoints, Page, PageRequest, RecoveryPointRecord } from '@holdfast/control';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { mapPage, type PageOrder, readPage } from '../database/page.ts';
import { toRecord } from '../recovery-points/recovery-point-row.ts';
import type { RecoveryPointRow } from '../recovery-points/tables.ts';

const FREE = sql<boolean>`status not in ('CREATING', 'DELETING', 'EXPIRED') and (is_continuous = 1 or not exists (
  select 1 from held_recovery_points as held
  join legal_holds as hold on hold.hold_id = held.hold_id
  where held.vault_id = recovery_points.vault_id and held.arn = recovery_points.arn
  and hold.status in ('CREATING', 'ACTIVE')))`;

/** What the lifecycle has to do, from the indexes on its dates. */
export class CatalogDueRecoveryPoints implements DueRecoveryPoints {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  listToDelete(now: number, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    return this.#page(sql<boolean>`delete_at <= ${now}`, {
      list: 'recovery-points-to-delete',
      filter: {},
      columns: ['delete_at', 'arn', 'vault_id'],
      direction: 'asc',
      page,
    });
  }

  listToCool(now: number, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    return this.#page(sql<boolean>`storage_class = 'WARM' and move_to_cold_storage_at <= ${now}`, {
      list: 'recovery-points-to-cool',
      filter: {},
      columns: ['move_to_cold_storage_at', 'arn', 'vault_id'],
      direction: 'asc',
      page,
    });
  }

  async #page(isDue: RawBuilder<boolean>, order: PageOrder<RecoveryPointRow>): Promise<Page<RecoveryPointRecord>> {
    const query = this.#catalog.db.selectFrom('recovery_points').selectAll().where(isDue).where(FREE);
    return mapPage(await readPage(query, order), toRecord);
  }
}
