import type { BackupProgress } from '@holdfast/engine';
import type { JobProgress } from '@holdfast/jobs';

export interface Expectation {
  readonly bytes?: number;
  readonly items?: number;
  /** How long the last backup of the resource took, in ms. */
  readonly durationMs?: number;
}

/** What clients see of a running backup; 100 % only once it is committed. */
export function backupProgress(progress: BackupProgress, expected: Expectation, startedAt: number): JobProgress {
  const percent = share(progress.logicalBytes, expected.bytes) ?? share(progress.itemCount, expected.items);
  return {
    bytesTransferred: progress.readBytes,
    ...(percent === undefined ? {} : { percentDone: percent }),
    ...(expected.durationMs === undefined ? {} : { expectedCompletionAt: startedAt + expected.durationMs }),
  };
}

function share(done: number, total: number | undefined): number | undefined {
  return total === undefined || total <= 0 ? undefined : Math.min(99, (done / total) * 100);
}
