import type { JobCount, JobCountQuery, JobSummaryStore } from '@holdfast/control';
import { sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { present } from '../database/columns.ts';
import { allOf, equals, oneOf } from '../database/filters.ts';

/** Counts jobs for the summaries. */
export class CatalogJobSummaryStore implements JobSummaryStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async countJobs(query: JobCountQuery): Promise<readonly JobCount[]> {
    const rows = await this.#catalog.db
      .selectFrom('jobs')
      .select(['account_id', 'state', 'resource_type', 'message_category'])
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where(
        allOf([
          equals('kind', query.kind),
          equals('region', query.region),
          oneOf('account_id', query.accountIds),
          sql<boolean>`created_at >= ${query.from} and created_at < ${query.to}`,
        ]),
      )
      .groupBy(['account_id', 'state', 'resource_type', 'message_category'])
      .execute();
    return rows.map((row) => ({
      accountId: row.account_id,
      state: row.state,
      resourceType: row.resource_type,
      count: row.count,
      ...present({ messageCategory: row.message_category }),
    }));
  }
}
