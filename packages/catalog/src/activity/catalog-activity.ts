import type { ActivityEvent, ActivityPort, JobKind, Page, PageRequest, Scope } from '@holdfast/control';
import { sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present } from '../database/columns.ts';
import { decodePageKey, encodePageKey } from '../database/page-key.ts';
import type { JobRow } from '../jobs/tables.ts';

const LIST = 'events';
const KINDS: readonly JobKind[] = ['backup', 'copy', 'restore'];

/** Where a page begins: after this event. Of one job at one moment, the end comes before the beginning. */
type EventKey = readonly [at: number, jobId: string, phase: ActivityEvent['phase']];

/** Merges the beginnings and ends of jobs of all kinds; each stream is read along its index. */
export class CatalogActivity implements ActivityPort {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async events(scope: Scope, page: PageRequest): Promise<Page<ActivityEvent>> {
    const after = page.afterKey === undefined ? undefined : decodeKey(scope, page.afterKey);
    const streams = await Promise.all(
      KINDS.flatMap((kind) => [
        this.#stream(scope, kind, 'began', after, page.limit + 1),
        this.#stream(scope, kind, 'ended', after, page.limit + 1),
      ]),
    );
    const merged = streams.flat().sort(newestFirst);
    const items = merged.slice(0, page.limit);
    const last = items.at(-1);
    if (merged.length <= page.limit || last === undefined) return { items };
    return { items, nextKey: encodePageKey(LIST, scope, [last.at, last.jobId, last.phase]) };
  }

  async #stream(
    { accountId, region }: Scope,
    kind: JobKind,
    phase: ActivityEvent['phase'],
    after: EventKey | undefined,
    limit: number,
  ): Promise<ActivityEvent[]> {
    const column = phase === 'began' ? 'created_at' : 'completed_at';
    let query = this.#catalog.db
      .selectFrom('jobs')
      .selectAll()
      .where('kind', '=', kind)
      .where('account_id', '=', accountId)
      .where('region', '=', region)
      .where(column, 'is not', null)
      .orderBy(column, 'desc')
      .orderBy('job_id', 'desc')
      .limit(limit);
    if (after !== undefined) {
      const [at, jobId, afterPhase] = after;
      const operator = sql.raw(phase === 'began' && afterPhase === 'ended' ? '<=' : '<');
      query = query.where(sql<boolean>`(${sql.ref(column)}, job_id) ${operator} (${at}, ${jobId})`);
    }
    return (await query.execute()).map((row) => toEvent(row, kind, phase, Number(row[column])));
  }
}

/** @throws InvalidPageKeyError */
function decodeKey(scope: Scope, text: string): EventKey {
  const [at = 0, jobId = '', phase] = decodePageKey(LIST, scope, text, 3);
  return [Number(at), String(jobId), phase === 'began' ? 'began' : 'ended'];
}

function newestFirst(a: ActivityEvent, b: ActivityEvent): number {
  return b.at - a.at || compare(b.jobId, a.jobId) || compare(b.phase, a.phase);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toEvent(row: JobRow, kind: JobKind, phase: ActivityEvent['phase'], at: number): ActivityEvent {
  const { resourceName } = fromJson<{ readonly resourceName?: string }>(row.detail);
  return {
    at,
    kind,
    jobId: row.job_id,
    phase,
    state: row.state,
    resourceArn: row.resource_arn,
    resourceType: row.resource_type,
    ...present({ statusMessage: row.status_message, messageCategory: row.message_category, resourceName }),
  };
}
