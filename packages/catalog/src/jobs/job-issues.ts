import type { JobIssueRecord, Page, PageRequest } from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromFlag, toFlag } from '../database/columns.ts';
import { mapPage, readPage } from '../database/page.ts';

/** Rows per statement: well below the number of parameters that either database takes. */
const BATCH = 500;

export async function addJobIssues(catalog: Catalog, issues: readonly JobIssueRecord[]): Promise<void> {
  await catalog.transaction(async () => {
    for (let start = 0; start < issues.length; start += BATCH) {
      const rows = issues.slice(start, start + BATCH).map((issue) => ({
        job_id: issue.jobId,
        sequence: issue.sequence,
        path: issue.path,
        code: issue.code,
        message: issue.message,
        data_missing: toFlag(issue.dataMissing),
      }));
      // A job that was taken up again may find the same issues again.
      await catalog.db
        .insertInto('job_issues')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['job_id', 'sequence']).doNothing())
        .execute();
    }
  });
}

export async function listJobIssues(catalog: Catalog, jobId: string, page: PageRequest): Promise<Page<JobIssueRecord>> {
  const rows = await readPage(catalog.db.selectFrom('job_issues').selectAll().where('job_id', '=', jobId), {
    list: 'job-issues',
    filter: jobId,
    columns: ['sequence'],
    direction: 'asc',
    page,
  });
  return mapPage(rows, (row) => ({
    jobId: row.job_id,
    sequence: row.sequence,
    path: new Uint8Array(row.path),
    code: row.code,
    message: row.message,
    dataMissing: fromFlag(row.data_missing),
  }));
}
