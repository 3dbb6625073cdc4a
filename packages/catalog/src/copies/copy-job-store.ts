import type {
  CopyJobFacts,
  CopyJobListQuery,
  CopyJobRecord,
  CopyJobStore,
  NewCopyJob,
  Page,
  PageRequest,
  RunningCopies,
  Scope,
} from '@holdfast/control';
import type { CopyJobState } from '@holdfast/jobs';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals, oneOf, within } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import { childJobsInState, exclusiveKey, isOfCategory } from '../jobs/backup-job-store.ts';
import { insertJob, mergeFacts, readJob } from '../jobs/insert-job.ts';
import { newJobRow } from '../jobs/job-row.ts';
import type { JobRow } from '../jobs/tables.ts';

/** Copy jobs as the API lists them; the queue works on the same rows. */
export class CatalogCopyJobStore implements CopyJobStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(job: NewCopyJob): Promise<CopyJobRecord> {
    const row: JobRow = {
      ...newJobRow({ ...job, kind: 'copy' }),
      // A composite only waits for its nested jobs, one of which may be of the same resource.
      exclusive_key: job.isParent ? null : exclusiveKey(job, job.resourceArn),
      recovery_point_arn: job.sourceRecoveryPointArn,
      destination_vault_arn: job.destinationVaultArn,
      detail: toJson(job),
    };
    return toRecord(await insertJob(this.#catalog, row));
  }

  async get(scope: Scope, jobId: string): Promise<CopyJobRecord | undefined> {
    const row = await readJob(this.#catalog, 'copy', scope, jobId);
    return row === undefined ? undefined : await this.#withChildren(toRecord(row));
  }

  async list(query: CopyJobListQuery, page: PageRequest): Promise<Page<CopyJobRecord>> {
    const condition = allOf([
      equals('kind', 'copy'),
      oneOf('account_id', query.accountIds),
      equals('region', query.region),
      equals('destination_vault_arn', query.destinationVaultArn),
      equals('recovery_point_arn', query.sourceRecoveryPointArn),
      within('created_at', query.created),
      within('completed_at', query.completed),
      isOfCategory(query.messageCategory),
      equals('parent_job_id', query.parentJobId),
      equals('resource_arn', query.resourceArn),
      equals('resource_type', query.resourceType),
      oneOf('state', query.states),
    ]);
    const rows = await readPage(this.#catalog.db.selectFrom('jobs').selectAll().where(condition), {
      list: 'copy-jobs',
      filter: query,
      columns: ['created_at', 'job_id'],
      direction: 'desc',
      page,
    });
    const { items, ...rest } = mapPage(rows, toRecord);
    return { ...rest, items: await Promise.all(items.map((item) => this.#withChildren(item))) };
  }

  async #withChildren(job: CopyJobRecord): Promise<CopyJobRecord> {
    return job.isParent ? { ...job, childJobsInState: await childJobsInState(this.#catalog, job.jobId) } : job;
  }

  async setFacts(jobId: string, facts: CopyJobFacts): Promise<void> {
    await mergeFacts(this.#catalog, jobId, facts);
  }

  async countRunning(job: CopyJobRecord): Promise<RunningCopies> {
    const rows = await this.#catalog.db
      .selectFrom('jobs')
      .select('detail')
      .where('kind', '=', 'copy')
      .where('phase', 'in', ['held', 'adrift'])
      .where('state', '!=', 'CREATED')
      .where('job_id', '!=', job.jobId)
      .execute();
    const running = rows
      .map((row) => fromJson<NewCopyJob>(row.detail))
      .filter((other) => other.destinationRegion === job.destinationRegion);
    const fromAccount = running.filter((other) => other.accountId === job.accountId);
    return {
      fromAccountToRegion: fromAccount.length,
      intoVault: fromAccount.filter((other) => other.destinationVaultArn === job.destinationVaultArn).length,
      ofResourceToRegion: running.filter(
        (other) => other.resourceArn === job.resourceArn && other.destinationAccountId !== other.accountId,
      ).length,
    };
  }

  async isCopying(sourceVaultId: string, sourceRecoveryPointArn: string): Promise<boolean> {
    const rows = await this.#catalog.db
      .selectFrom('jobs')
      .select('detail')
      .where('recovery_point_arn', '=', sourceRecoveryPointArn)
      .where('phase', 'in', ['waiting', 'held', 'adrift'])
      .where('kind', '=', 'copy')
      .execute();
    return rows.some((row) => fromJson<NewCopyJob>(row.detail).sourceVaultId === sourceVaultId);
  }
}

function toRecord(row: JobRow): CopyJobRecord {
  return {
    ...fromJson<NewCopyJob>(row.detail),
    ...fromJson<CopyJobFacts>(row.facts),
    state: row.state as CopyJobState,
    bytesTransferred: row.bytes_transferred,
    ...present({
      statusMessage: row.status_message,
      messageCategory: row.message_category,
      completedAt: row.completed_at,
    }),
  };
}
