/** Stores for simulated years: as simple as the memory stores of the other tests, but never looking at everything. */
import type { CopyJobRecord, CopyJobStore, NewCopyJob } from '../../copies/copy-job-store.ts';
import type { DueRecoveryPoints } from '../../lifecycle/lifecycle-ports.ts';
import type { Page, PageRequest } from '../../pagination/page.ts';
import type {
  RecoveryPointChange,
  RecoveryPointCommit,
  RecoveryPointRecord,
  RecoveryPointStatus,
  RecoveryPointStore,
} from '../../recovery-points/recovery-point-store.ts';
import { ascending, pageOf } from '../page-of.ts';
import { DAY } from './scenario.ts';

function unused(name: string): () => Promise<never> {
  return async () => {
    throw new Error(`the simulation does not use ${name}`);
  };
}

/** Recovery points with a calendar of the days on which something is due. */
export class LeanRecoveryPointStore implements RecoveryPointStore {
  readonly #points = new Map<string, RecoveryPointRecord>();
  readonly #toDelete = new Calendar();
  readonly #toCool = new Calendar();
  readonly getByArn = unused('getByArn');
  readonly list = unused('list');
  readonly newestUsable = unused('newestUsable');
  readonly listByStatus = unused('listByStatus');

  all(): readonly RecoveryPointRecord[] {
    return [...this.#points.values()];
  }

  async commit({ recoveryPoint }: RecoveryPointCommit): Promise<void> {
    this.#keep(recoveryPoint);
  }

  async get(_vaultId: string, arn: string): Promise<RecoveryPointRecord | undefined> {
    return this.#points.get(arn);
  }

  async change(
    _vaultId: string,
    arn: string,
    change: RecoveryPointChange,
    whileStatus?: readonly RecoveryPointStatus[],
  ): Promise<RecoveryPointRecord | undefined> {
    const point = this.#points.get(arn);
    if (point === undefined || whileStatus?.includes(point.status) === false) return undefined;
    const changed = { ...point, ...change } as RecoveryPointRecord & Record<string, unknown>;
    for (const [name, value] of Object.entries(change)) if (value === null) delete changed[name];
    this.#keep(changed);
    return changed;
  }

  async remove(_vaultId: string, arn: string): Promise<void> {
    this.#points.delete(arn);
    this.#toDelete.forget(arn);
    this.#toCool.forget(arn);
  }

  /** What is due and free, as `DueRecoveryPoints`. */
  due(isHeld: (point: RecoveryPointRecord) => boolean): DueRecoveryPoints {
    const isFree = (point: RecoveryPointRecord): boolean =>
      point.status !== 'EXPIRED' && point.status !== 'DELETING' && (point.isContinuous || !isHeld(point));
    return {
      listToDelete: async (now, page) =>
        duePage(
          this.#toDelete.until(now, this.#points),
          page,
          (point) => (point.deleteAt ?? now) <= now && isFree(point),
        ),
      listToCool: async (now, page) =>
        duePage(
          this.#toCool.until(now, this.#points),
          page,
          (point) => (point.moveToColdStorageAt ?? now) <= now && isFree(point),
        ),
    };
  }

  #keep(point: RecoveryPointRecord): void {
    this.#points.set(point.arn, point);
    this.#toDelete.note(point.arn, point.deleteAt);
    this.#toCool.note(point.arn, point.storageClass === 'WARM' ? point.moveToColdStorageAt : undefined);
  }
}

class Calendar {
  readonly #days = new Map<number, Set<string>>();
  readonly #dayOf = new Map<string, number>();

  note(arn: string, at: number | undefined): void {
    this.forget(arn);
    if (at === undefined) return;
    const day = Math.floor(at / DAY);
    const entries = this.#days.get(day) ?? new Set();
    this.#days.set(day, entries.add(arn));
    this.#dayOf.set(arn, day);
  }

  forget(arn: string): void {
    const day = this.#dayOf.get(arn);
    if (day === undefined) return;
    this.#dayOf.delete(arn);
    const entries = this.#days.get(day);
    entries?.delete(arn);
    if (entries?.size === 0) this.#days.delete(day);
  }

  until(now: number, points: ReadonlyMap<string, RecoveryPointRecord>): RecoveryPointRecord[] {
    const today = Math.floor(now / DAY);
    const found: RecoveryPointRecord[] = [];
    for (const [day, entries] of this.#days) {
      if (day > today) continue;
      for (const arn of entries) {
        const point = points.get(arn);
        if (point !== undefined) found.push(point);
      }
    }
    return found;
  }
}

function duePage(
  candidates: readonly RecoveryPointRecord[],
  page: PageRequest,
  isDue: (point: RecoveryPointRecord) => boolean,
): Page<RecoveryPointRecord> {
  return pageOf(candidates.filter(isDue).sort(ascending(({ arn }) => arn)), ({ arn }) => arn, page);
}

/** Copy jobs that somebody takes and runs. */
export class LeanCopyJobStore implements CopyJobStore {
  readonly #jobs = new Map<string, CopyJobRecord>();
  #waiting: CopyJobRecord[] = [];
  readonly list = unused('list');

  async create(job: NewCopyJob): Promise<CopyJobRecord> {
    const record: CopyJobRecord = { ...job, state: 'CREATED', bytesTransferred: 0 };
    this.#jobs.set(job.jobId, record);
    this.#waiting.push(record);
    return record;
  }

  /** The jobs made since the last call. */
  takeWaiting(): readonly CopyJobRecord[] {
    return this.#waiting.splice(0);
  }

  forget(jobId: string): void {
    this.#jobs.delete(jobId);
  }

  async get(_scope: object, jobId: string): Promise<CopyJobRecord | undefined> {
    return this.#jobs.get(jobId);
  }

  async setFacts(): Promise<void> {}

  async countRunning() {
    return { fromAccountToRegion: 0, intoVault: 0, ofResourceToRegion: 0 };
  }

  async isCopying(): Promise<boolean> {
    return false;
  }
}
