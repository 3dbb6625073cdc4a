import type {
  JobSearch,
  JobSort,
  Page,
  PageRequest,
  RecoveryPointSearch,
  RecoveryPointSort,
  ResourceSearch,
  SearchPort,
} from '@holdfast/control';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { allOf, equals, oneOf, withinFrom } from '../database/filters.ts';
import { mapPage, type PageOrder } from '../database/page.ts';
import { isOfCategory } from '../jobs/backup-job-store.ts';
import type { JobRow } from '../jobs/tables.ts';
import type { RecoveryPointRow } from '../recovery-points/tables.ts';
import { containsText, scanPage } from './scan-page.ts';

type Order<Row> = PageOrder<Row>['columns'];

/** Each is the order of an index of the jobs; see their migrations. */
const JOB_ORDERS: Readonly<Record<JobSort, Order<JobRow>>> = {
  created: ['created_at', 'job_id'],
  state: ['state', 'created_at', 'job_id'],
  resource: ['resource_arn', 'created_at', 'job_id'],
  'resource-type': ['resource_type', 'created_at', 'job_id'],
  vault: ['vault_name', 'created_at', 'job_id'],
};

const RECOVERY_POINT_ORDERS: Readonly<Record<RecoveryPointSort, Order<RecoveryPointRow>>> = {
  created: ['created_at', 'arn'],
  resource: ['resource_arn', 'created_at', 'arn'],
  'resource-type': ['resource_type', 'created_at', 'arn'],
};

/** Finds things by a text and in other orders than the API's lists. */
export class CatalogSearch implements SearchPort {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async jobIds(search: JobSearch, page: PageRequest): Promise<Page<string>> {
    const condition = allOf([
      equals('kind', search.kind),
      equals('account_id', search.accountId),
      equals('region', search.region),
      oneOf('state', search.states),
      equals('resource_type', search.resourceType),
      isOfCategory(search.messageCategory),
      search.sortBy === 'vault' ? sql<boolean>`vault_name is not null` : undefined,
      withinFrom(
        search.sortBy === 'created' && !search.isAscending ? page : { limit: 0 },
        'created_at',
        search.created,
      ),
    ]);
    const names = ['job_id', 'resource_arn', 'status_message', 'vault_name', 'recovery_point_arn'];
    const texts = [...names.map((name) => sql.ref(name)), this.#member('detail', 'resourceName')];
    const query = this.#catalog.db.selectFrom('jobs').selectAll().where(condition);
    const found = await scanPage(query, containsText(texts, search.text), {
      ...orderOf('search-jobs', search, page),
      columns: JOB_ORDERS[search.sortBy],
    });
    return mapPage(found, ({ job_id }) => job_id);
  }

  async recoveryPointArns(search: RecoveryPointSearch, page: PageRequest): Promise<Page<string>> {
    const condition = allOf([
      equals('vault_id', search.vaultId),
      equals('resource_type', search.resourceType),
      withinFrom(
        search.sortBy === 'created' && !search.isAscending ? page : { limit: 0 },
        'created_at',
        search.created,
      ),
    ]);
    const texts = ['arn', 'resource_arn', 'resource_name'].map((name) => sql.ref(name));
    const query = this.#catalog.db.selectFrom('recovery_points').selectAll().where(condition);
    const found = await scanPage(query, containsText(texts, search.text), {
      ...orderOf('search-recovery-points', search, page),
      columns: RECOVERY_POINT_ORDERS[search.sortBy],
    });
    return mapPage(found, ({ arn }) => arn);
  }

  async resourceArns(search: ResourceSearch, page: PageRequest): Promise<Page<string>> {
    const condition = allOf([
      equals('account_id', search.accountId),
      equals('region', search.region),
      equals('resource_type', search.resourceType),
      equals('source_name', search.sourceName),
    ]);
    const texts = ['arn', 'name', 'path', 'source_name'].map((name) => sql.ref(name));
    const query = this.#catalog.db.selectFrom('resources').selectAll().where(condition);
    const found = await scanPage(query, containsText(texts, search.text), {
      ...orderOf('search-resources', search, page),
      columns: ['arn'],
    });
    return mapPage(found, ({ arn }) => arn);
  }

  async protectedResourceArns(search: ResourceSearch, page: PageRequest): Promise<Page<string>> {
    const condition = allOf([
      equals('account_id', search.accountId),
      equals('region', search.region),
      equals('resource_type', search.resourceType),
    ]);
    const texts = ['resource_arn', 'resource_name'].map((name) => sql.ref(name));
    const query = this.#catalog.db.selectFrom('protected_resources').selectAll().where(condition);
    const found = await scanPage(query, containsText(texts, search.text), {
      ...orderOf('search-protected-resources', search, page),
      columns: ['resource_arn'],
    });
    return mapPage(found, ({ resource_arn }) => resource_arn);
  }

  /** A text in a JSON column. */
  #member(column: string, name: string): RawBuilder<unknown> {
    return this.#catalog.kind === 'sqlite'
      ? sql`json_extract(${sql.ref(column)}, ${`$.${name}`})`
      : sql`(${sql.ref(column)}::json ->> ${name})`;
  }
}

function orderOf(list: string, search: { readonly isAscending: boolean }, page: PageRequest) {
  return { list, filter: search, direction: search.isAscending ? ('asc' as const) : ('desc' as const), page };
}
