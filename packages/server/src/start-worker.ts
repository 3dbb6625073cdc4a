/** A worker process: claims jobs of the catalog and runs them with connectors and the engine. */
import { ContinuousHost, startPeriodicTask } from '@holdfast/control';
import { type Clock, Worker } from '@holdfast/jobs';
import { continuousSettings } from './compose/continuous.ts';
import { buildControl } from './compose/control-ports.ts';
import { buildCopies, jobExecutors } from './compose/copies.ts';
import { layFoundation } from './compose/foundation.ts';
import { buildIdentity } from './compose/identity.ts';
import type { LoadedConfiguration } from './configuration/load-configuration.ts';
import { freeVaults, inspectVaults, verifyVaults } from './vault-maintenance.ts';

const DAY_MS = 86_400_000;

export interface RunningWorker {
  /** Hands back what runs; what has not let go after `graceMs` is left to its lease. */
  stop(graceMs: number): Promise<void>;
}

export interface WorkerOptions {
  /** For tests that live through months; no configuration leads here. */
  readonly clock?: Clock;
}

/** @throws StartupError */
export async function startWorker(
  configuration: LoadedConfiguration,
  options: WorkerOptions = {},
): Promise<RunningWorker> {
  const foundation = await layFoundation(configuration, 'worker', options.clock);
  const { log, clock, catalog, processId } = foundation;
  let worker: Worker | undefined;
  const identity = buildIdentity(foundation);
  const control = buildControl(foundation, identity, () => worker?.wake());
  worker = new Worker({
    workerId: processId,
    queue: control.queue,
    clock,
    executors: jobExecutors(control, buildCopies(foundation, identity, control)),
    concurrency: configuration.workers.concurrentJobs,
    onError: (error, job) => log.error({ err: error, jobId: job?.jobId }, 'the worker met an error'),
  });
  worker.start();
  const continuous = new ContinuousHost({
    ports: control.ports,
    clock,
    settings: continuousSettings(configuration),
    workerId: processId,
    onError: (error) => log.error({ err: error }, 'the care for continuous backups met an error'),
  });
  continuous.start();
  const { everyMinutes, graceHours } = configuration.maintenance;
  const maintenance = startPeriodicTask(
    clock,
    everyMinutes * 60_000,
    (signal) => freeVaults(control, log, { graceMs: graceHours * 3_600_000 }, signal),
    (error) => log.error({ err: error }, 'the maintenance of vaults failed'),
  );
  const verification = startPeriodicTask(
    clock,
    everyMinutes * 60_000,
    (signal) => verifyVaults(control, log, signal),
    (error) => log.error({ err: error }, 'the verification of vaults failed'),
  );
  const startedAt = clock.now();
  const inspection = startPeriodicTask(
    clock,
    DAY_MS,
    async (signal) => {
      // The first round comes a day after the start: many restarts must not mean many full walks.
      if (clock.now() - startedAt >= DAY_MS) await inspectVaults(control, log, signal);
    },
    (error) => log.error({ err: error }, 'the inspection of vaults failed'),
  );
  const onMessage = (message: unknown): void => {
    if (message === 'wake') worker.wake();
  };
  process.on('message', onMessage);
  log.info({ workerId: processId }, 'worker started');
  return {
    async stop(graceMs) {
      process.off('message', onMessage);
      const [left] = await Promise.all([
        worker.stop(graceMs),
        continuous.stop(graceMs),
        maintenance.stop(),
        verification.stop(),
        inspection.stop(),
      ]);
      if (left > 0) log.warn({ jobs: left }, 'jobs were left to their leases');
      await control.background.settle(1000);
      await control.repositories.close();
      await catalog.close();
    },
  };
}
