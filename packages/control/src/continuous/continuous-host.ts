/**
 * Cares for continuous backups in a worker process. Which worker cares for which is a lease in the catalog: claimed,
 * renewed by a heartbeat, given back when the worker stops, and taken over by another when it vanishes.
 */
import { type Clock, sleep } from '@holdfast/jobs';
import type { ControlPorts } from '../ports.ts';
import { captureLog } from './capture-log.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { afterFailure } from './continuous-failure.ts';
import type { ContinuousSettings } from './continuous-settings.ts';
import { ContinuousInterruption, type ContinuousWork } from './continuous-work.ts';
import { deleteContinuous, endContinuous } from './end-continuous.ts';
import { refreshVersions } from './refresh-versions.ts';
import { NEVER } from './start-continuous.ts';
import { Turns } from './turns.ts';

export interface ContinuousHostOptions {
  readonly ports: ControlPorts;
  readonly clock: Clock;
  readonly settings: ContinuousSettings;
  /** Unique among all workers, also after a restart. */
  readonly workerId: string;
  /** Hears of failures of the catalog itself. */
  readonly onError: (error: unknown) => void;
}

export class ContinuousHost {
  readonly #options: ContinuousHostOptions;
  readonly #held = new Map<AbortController, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Reading a large source takes long; logs must not wait for several of them. */
  readonly #refreshes = new Turns();
  #loop: Promise<void> | undefined;

  constructor(options: ContinuousHostOptions) {
    this.#options = options;
  }

  /** Continuous backups in the hands of this worker. */
  get heldCount(): number {
    return this.#held.size;
  }

  start(): void {
    this.#loop ??= this.#work();
  }

  /** Closes all captures and gives them back; others may go on at once. What has not let go after the grace lapses. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    for (const abort of this.#held.keys()) abort.abort(new ContinuousInterruption('shutdown'));
    const allDone = new AbortController();
    void Promise.all([this.#loop, ...this.#held.values()]).finally(() => allDone.abort());
    await sleep(this.#options.clock, graceMs, allDone.signal);
  }

  async #work(): Promise<void> {
    const { clock, settings, onError } = this.#options;
    while (!this.#stopping.signal.aborted) {
      await this.#claimAll().catch(onError);
      await sleep(clock, settings.pollMs, this.#stopping.signal);
    }
  }

  async #claimAll(): Promise<void> {
    const { ports, clock, settings, workerId } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const record = await ports.stores.continuousBackups.claim(workerId, clock.now(), settings.leaseMs);
      if (record === undefined) return;
      this.#hold(record);
    }
  }

  #hold(record: ContinuousBackupRecord): void {
    const abort = new AbortController();
    if (this.#stopping.signal.aborted) abort.abort(new ContinuousInterruption('shutdown'));
    const done = this.#care(record, abort)
      .catch(this.#options.onError)
      .finally(() => this.#held.delete(abort));
    this.#held.set(abort, done);
  }

  async #care(record: ContinuousBackupRecord, abort: AbortController): Promise<void> {
    const { ports, clock, settings, workerId } = this.#options;
    const finished = new AbortController();
    const beating = this.#beat(record, abort, finished.signal);
    const work: ContinuousWork = { ports, clock, settings, workerId, record, signal: abort.signal };
    let dueAt = clock.now();
    try {
      dueAt = await careFor(work, this.#refreshes);
    } catch (error) {
      dueAt = abort.signal.aborted ? clock.now() : await afterFailure(work, error);
    } finally {
      finished.abort();
      await beating;
      await ports.stores.continuousBackups.release(record.continuousId, record.fence, dueAt);
    }
  }

  async #beat(record: ContinuousBackupRecord, abort: AbortController, finished: AbortSignal): Promise<void> {
    const { ports, clock, settings, onError } = this.#options;
    const { continuousId, fence, state } = record;
    let leaseEndsAt = clock.now() + settings.leaseMs;
    while (!finished.aborted) {
      await sleep(clock, settings.leaseMs / 6, finished);
      if (finished.aborted) return;
      const expiresAt = clock.now() + settings.leaseMs;
      try {
        const beaten = await ports.stores.continuousBackups.heartbeat(continuousId, fence, expiresAt);
        if (beaten === undefined) abort.abort(new ContinuousInterruption('lease-lost'));
        else if (hasChanged(state, beaten)) abort.abort(new ContinuousInterruption('changed'));
        else leaseEndsAt = expiresAt;
      } catch (error) {
        onError(error);
        // The catalog cannot be reached: others may see the lease lapse.
        if (clock.now() >= leaseEndsAt) abort.abort(new ContinuousInterruption('lease-lost'));
      }
    }
  }
}

/** Beginning to be active changes nothing for who captures. */
function hasChanged(state: ContinuousBackupRecord['state'], now: ContinuousBackupRecord): boolean {
  if (state === 'STARTING' && now.state === 'ACTIVE') return false;
  return now.state !== state;
}

/** @returns when it is due again */
async function careFor(work: ContinuousWork, turns: Turns): Promise<number> {
  const { record, clock } = work;
  switch (record.state) {
    case 'STARTING':
    case 'ACTIVE':
      return record.nature === 'log' ? await captureLog(work) : await turns.take(() => refreshVersions(work));
    case 'STOPPING':
      await endContinuous(work);
      return clock.now();
    case 'DELETING':
      await deleteContinuous(work);
      return clock.now();
    case 'STOPPED':
      return NEVER;
  }
}
