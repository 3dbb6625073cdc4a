import { randomUUID } from 'node:crypto';
import { systemClock, Worker } from '@holdfast/jobs';
import { backupJobExecutor } from '../backup-jobs/run-backup-job.ts';
import { restoreJobExecutor } from '../restore-jobs/run-restore-job.ts';
import type { TestControl } from './test-control.ts';

/** Runs every job that is due to its end, with the executors of this package in a real worker. */
export async function runJobs(control: TestControl): Promise<void> {
  const errors: unknown[] = [];
  const worker = new Worker({
    workerId: randomUUID(),
    queue: control.queue,
    clock: systemClock,
    executors: { backup: backupJobExecutor(control.ports), restore: restoreJobExecutor(control.ports) },
    concurrency: 2,
    pollMs: 5,
    onError: (error) => void errors.push(error),
  });
  worker.start();
  while (control.jobStore.all().some(isDue(control))) await new Promise((resolve) => setImmediate(resolve));
  await worker.stop(10_000);
  await control.settle();
  if (errors.length > 0) throw errors[0];
}

function isDue(control: TestControl) {
  return (job: { state: string; dueAt: number; lease?: unknown }) =>
    job.lease !== undefined ||
    (['CREATED', 'PENDING', 'RUNNING'].includes(job.state) && job.dueAt <= control.clock.now());
}
