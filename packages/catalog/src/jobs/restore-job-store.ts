import type {
  JobIssueRecord,
  NewRestoreJob,
  Page,
  PageRequest,
  RestoreJobFacts,
  RestoreJobListQuery,
  RestoreJobRecord,
  RestoreJobStatus,
  RestoreJobStore,
  Scope,
} from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals, oneOf, within, withinFrom } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import { insertJob, mergeFacts, readJob } from './insert-job.ts';
import { addJobIssues } from './job-issues.ts';
import { newJobRow } from './job-row.ts';
import type { JobRow } from './tables.ts';

/** Restore jobs as the API lists them; the queue works on the same rows. */
export class CatalogRestoreJobStore implements RestoreJobStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(job: NewRestoreJob): Promise<RestoreJobRecord> {
    const row: JobRow = {
      ...newJobRow({ ...job, kind: 'restore', resourceArn: job.sourceResourceArn }),
      recovery_point_arn: job.recoveryPointArn,
      recovery_point_created_at: job.recoveryPointCreatedAt,
      restore_testing_plan_arn: job.restoreTestingPlanArn ?? null,
      detail: toJson(job),
    };
    return toRecord(await insertJob(this.#catalog, row));
  }

  async get(scope: Scope, jobId: string): Promise<RestoreJobRecord | undefined> {
    const row = await readJob(this.#catalog, 'restore', scope, jobId);
    return row === undefined ? undefined : toRecord(row);
  }

  async list(query: RestoreJobListQuery, page: PageRequest): Promise<Page<RestoreJobRecord>> {
    const condition = allOf([
      equals('kind', 'restore'),
      oneOf('account_id', query.accountIds),
      equals('region', query.region),
      equals('resource_type', query.resourceType),
      withinFrom(page, 'created_at', query.created),
      within('completed_at', query.completed),
      oneOf('state', query.statuses),
      equals('restore_testing_plan_arn', query.restoreTestingPlanArn),
      equals('parent_job_id', query.parentJobId),
      equals('resource_arn', query.sourceResourceArn),
      within('recovery_point_created_at', query.recoveryPointCreated),
    ]);
    const rows = await readPage(this.#catalog.db.selectFrom('jobs').selectAll().where(condition), {
      list: 'restore-jobs',
      filter: query,
      columns: ['created_at', 'job_id'],
      direction: 'desc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  async setFacts(jobId: string, facts: RestoreJobFacts): Promise<void> {
    await mergeFacts(this.#catalog, jobId, facts);
  }

  addIssues(issues: readonly JobIssueRecord[]): Promise<void> {
    return addJobIssues(this.#catalog, issues);
  }

  async isRestoring(recoveryPointArn: string): Promise<boolean> {
    const row = await this.#catalog.db
      .selectFrom('jobs')
      .select('job_id')
      .where('recovery_point_arn', '=', recoveryPointArn)
      .where('phase', 'in', ['waiting', 'held', 'adrift'])
      .where('kind', '=', 'restore')
      .executeTakeFirst();
    return row !== undefined;
  }
}

function toRecord(row: JobRow): RestoreJobRecord {
  const facts = fromJson<RestoreJobFacts>(row.facts);
  return {
    ...fromJson<NewRestoreJob>(row.detail),
    ...facts,
    issueCount: facts.issueCount ?? 0,
    status: row.state as RestoreJobStatus,
    percentDone: row.percent_done,
    bytesTransferred: row.bytes_transferred,
    ...present({
      statusMessage: row.status_message,
      startedAt: row.initiated_at,
      completedAt: row.completed_at,
    }),
  };
}
