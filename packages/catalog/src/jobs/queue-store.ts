import type { ActiveJobCount, Exclusion, Job, JobKind, JobStore } from '@holdfast/jobs';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { allOf, equals, oneOf } from '../database/filters.ts';
import { queueColumns, toJob } from './job-row.ts';

/** The queue's port on the catalog. */
export class CatalogJobStore implements JobStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#catalog.transaction(work);
  }

  afterCommit(effect: () => void): void {
    this.#catalog.afterCommit(effect);
  }

  async get(jobId: string): Promise<Job | undefined> {
    const row = await this.#catalog.db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst();
    return row === undefined ? undefined : toJob(row);
  }

  async save(job: Job): Promise<void> {
    await this.#catalog.db.updateTable('jobs').set(queueColumns(job)).where('job_id', '=', job.jobId).execute();
  }

  async countActive(): Promise<readonly ActiveJobCount[]> {
    const rows = await this.#catalog.db
      .selectFrom('jobs')
      .select(['kind', 'resource_type', 'account_id', (eb) => eb.fn.countAll<number>().as('count')])
      .where('phase', 'in', ['held', 'adrift'])
      .groupBy(['kind', 'resource_type', 'account_id'])
      .execute();
    return rows.map((row) => ({
      kind: row.kind as JobKind,
      resourceType: row.resource_type,
      accountId: row.account_id,
      count: row.count,
    }));
  }

  async nextClaimable(
    kinds: readonly JobKind[],
    now: number,
    exclusions: readonly Exclusion[],
  ): Promise<Job | undefined> {
    const adrift = await this.#first('adrift', allOf([oneOf('kind', kinds), isWithinCompletion(now), isDue(now)]));
    if (adrift !== undefined) return adrift;
    return await this.#first(
      'waiting',
      allOf([
        oneOf('kind', kinds),
        isWithinCompletion(now),
        isDue(now),
        sql<boolean>`(start_by is null or start_by > ${now})`,
        sql<boolean>`not exists (select 1 from jobs as busy
          where busy.exclusive_key = jobs.exclusive_key and busy.phase in ('held', 'adrift'))`,
        ...exclusions.map(isNotExcluded),
      ]),
    );
  }

  async #first(phase: 'adrift' | 'waiting', condition: RawBuilder<boolean>): Promise<Job | undefined> {
    const row = await this.#catalog.db
      .selectFrom('jobs')
      .selectAll()
      .where('phase', '=', phase)
      .where(condition)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : toJob(row);
  }

  listBlocked(kinds: readonly JobKind[], now: number, limit: number): Promise<readonly Job[]> {
    // Looked at from the few active jobs, not from the many waiting ones.
    const blocked = sql<boolean>`exclusive_key in (select exclusive_key from jobs
      where phase in ('held', 'adrift') and exclusive_key is not null)`;
    return this.#list(
      allOf([equals('phase', 'waiting'), equals('state', 'CREATED'), oneOf('kind', kinds), isDue(now), blocked]),
      limit,
    );
  }

  listStartWindowOver(now: number, limit: number): Promise<readonly Job[]> {
    return this.#list(allOf([equals('phase', 'waiting'), sql<boolean>`start_by <= ${now}`]), limit);
  }

  listCompletionWindowOver(now: number, limit: number): Promise<readonly Job[]> {
    return this.#list(allOf([oneOf('phase', ['waiting', 'adrift']), sql<boolean>`complete_by <= ${now}`]), limit);
  }

  listLapsed(now: number, limit: number): Promise<readonly Job[]> {
    return this.#list(allOf([equals('phase', 'held'), sql<boolean>`lease_expires_at <= ${now}`]), limit);
  }

  async #list(condition: RawBuilder<boolean>, limit: number): Promise<readonly Job[]> {
    const rows = await this.#catalog.db.selectFrom('jobs').selectAll().where(condition).limit(limit).execute();
    return rows.map(toJob);
  }
}

function isDue(now: number): RawBuilder<boolean> {
  return sql<boolean>`due_at <= ${now}`;
}

function isWithinCompletion(now: number): RawBuilder<boolean> {
  return sql<boolean>`(complete_by is null or complete_by > ${now})`;
}

function isNotExcluded(exclusion: Exclusion): RawBuilder<boolean> {
  return sql<boolean>`not (${allOf([
    equals('kind', exclusion.kind),
    equals('resource_type', exclusion.resourceType),
    equals('account_id', exclusion.accountId),
  ])})`;
}
