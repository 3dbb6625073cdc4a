import type { Catalog } from '../database/catalog.ts';
import type { JobRow } from './tables.ts';

/**
 * Writes a new job, unless its scope has one of its kind with the same idempotency token.
 * @returns the row that is there now
 */
export async function insertJob(catalog: Catalog, row: JobRow): Promise<JobRow> {
  return await catalog.transaction(async () => {
    if (row.idempotency_token !== null) {
      const earlier = await catalog.db
        .selectFrom('jobs')
        .selectAll()
        .where('kind', '=', row.kind)
        .where('account_id', '=', row.account_id)
        .where('region', '=', row.region)
        .where('idempotency_token', '=', row.idempotency_token)
        .executeTakeFirst();
      if (earlier !== undefined) return earlier;
    }
    await catalog.db.insertInto('jobs').values(row).execute();
    return row;
  });
}

/** Adds to what the executor of a job has learned. */
export async function mergeFacts(catalog: Catalog, jobId: string, facts: object): Promise<void> {
  await catalog.transaction(async () => {
    const row = await catalog.db.selectFrom('jobs').select('facts').where('job_id', '=', jobId).executeTakeFirst();
    if (row === undefined) return;
    const merged = JSON.stringify({ ...(JSON.parse(row.facts) as object), ...facts });
    await catalog.db.updateTable('jobs').set({ facts: merged }).where('job_id', '=', jobId).execute();
  });
}

export async function readJob(
  catalog: Catalog,
  kind: string,
  scope: { readonly accountId: string; readonly region: string },
  jobId: string,
): Promise<JobRow | undefined> {
  return await catalog.db
    .selectFrom('jobs')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('kind', '=', kind)
    .where('account_id', '=', scope.accountId)
    .where('region', '=', scope.region)
    .executeTakeFirst();
}
