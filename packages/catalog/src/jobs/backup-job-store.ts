import type {
  BackupJobFacts,
  BackupJobListQuery,
  BackupJobRecord,
  BackupJobState,
  BackupJobStore,
  JobIssueRecord,
  NewBackupJob,
  Page,
  PageRequest,
  Scope,
} from '@holdfast/control';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals, oneOf, within, withinFrom } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import { insertJob, mergeFacts, readJob } from './insert-job.ts';
import { addJobIssues, listJobIssues } from './job-issues.ts';
import { newJobRow } from './job-row.ts';
import type { JobRow } from './tables.ts';

/** Phases of jobs that are not over. */
const OPEN_PHASES = ['waiting', 'held', 'adrift'] as const;

/** Backup jobs as the API lists them; the queue works on the same rows. */
export class CatalogBackupJobStore implements BackupJobStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(job: NewBackupJob): Promise<BackupJobRecord> {
    const row: JobRow = {
      ...newJobRow({ ...job, kind: 'backup' }),
      exclusive_key: exclusiveKey(job, job.resourceArn),
      start_by: job.startBy,
      complete_by: job.completeBy ?? null,
      vault_name: job.vaultName,
      recovery_point_arn: job.recoveryPointArn,
      detail: toJson(job),
    };
    return toRecord(await insertJob(this.#catalog, row));
  }

  async get(scope: Scope, jobId: string): Promise<BackupJobRecord | undefined> {
    const row = await readJob(this.#catalog, 'backup', scope, jobId);
    if (row === undefined) return undefined;
    const record = toRecord(row);
    return record.isParent ? { ...record, childJobsInState: await childJobsInState(this.#catalog, jobId) } : record;
  }

  async list(query: BackupJobListQuery, page: PageRequest): Promise<Page<BackupJobRecord>> {
    const condition = allOf([
      equals('kind', 'backup'),
      oneOf('account_id', query.accountIds),
      equals('region', query.region),
      await this.#isRecent(query),
      equals('vault_name', query.vaultName),
      withinFrom(page, 'created_at', query.created),
      within('completed_at', query.completed),
      isOfCategory(query.messageCategory),
      equals('parent_job_id', query.parentJobId),
      equals('resource_arn', query.resourceArn),
      equals('resource_type', query.resourceType),
      oneOf('state', query.states),
    ]);
    const { windowStart: _, ...filter } = query;
    const rows = await readPage(this.#catalog.db.selectFrom('jobs').selectAll().where(condition), {
      list: 'backup-jobs',
      filter,
      columns: ['created_at', 'job_id'],
      direction: 'desc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  /** Made within the window, or not over. The oldest job that is not over bounds how far back the list must look. */
  async #isRecent({ windowStart, accountIds, region }: BackupJobListQuery): Promise<RawBuilder<boolean>> {
    const scope = allOf([equals('kind', 'backup'), oneOf('account_id', accountIds), equals('region', region)]);
    // One question per phase: asked together, SQLite would look through all jobs of the account.
    const oldest = await Promise.all(
      OPEN_PHASES.map((phase) =>
        this.#catalog.db
          .selectFrom('jobs')
          .select((eb) => eb.fn.min('created_at').as('created_at'))
          .where('phase', '=', phase)
          .where(scope)
          .executeTakeFirst(),
      ),
    );
    const bound = Math.min(windowStart, ...oldest.map((row) => row?.created_at ?? windowStart));
    return sql<boolean>`created_at >= ${bound} and (created_at >= ${windowStart} or phase <> 'ended')`;
  }

  async setFacts(jobId: string, facts: BackupJobFacts): Promise<void> {
    await mergeFacts(this.#catalog, jobId, facts);
  }

  addIssues(issues: readonly JobIssueRecord[]): Promise<void> {
    return addJobIssues(this.#catalog, issues);
  }

  listIssues(jobId: string, page: PageRequest): Promise<Page<JobIssueRecord>> {
    return listJobIssues(this.#catalog, jobId, page);
  }
}

/** Backup and copy jobs of one resource run one at a time (QUOTA-2). */
export function exclusiveKey(scope: Scope, resourceArn: string): string {
  return `${scope.accountId}/${scope.region}/${resourceArn}`;
}

/** The guide spells categories in several ways: compare without case (API2-26). */
export function isOfCategory(category: string | undefined): RawBuilder<boolean> | undefined {
  return category === undefined ? undefined : sql<boolean>`lower(message_category) = ${category.toLowerCase()}`;
}

/** How many children of a parent job are in which state. */
export async function childJobsInState(catalog: Catalog, jobId: string): Promise<Readonly<Record<string, number>>> {
  const rows = await catalog.db
    .selectFrom('jobs')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('parent_job_id', '=', jobId)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

function toRecord(row: JobRow): BackupJobRecord {
  const facts = fromJson<BackupJobFacts>(row.facts);
  return {
    ...fromJson<NewBackupJob>(row.detail),
    ...facts,
    issueCount: facts.issueCount ?? 0,
    state: row.state as BackupJobState,
    percentDone: row.percent_done,
    bytesTransferred: row.bytes_transferred,
    ...present({
      statusMessage: row.status_message,
      messageCategory: row.message_category,
      initiatedAt: row.initiated_at,
      completedAt: row.completed_at,
      expectedCompletionAt: row.expected_completion_at,
    }),
  };
}
