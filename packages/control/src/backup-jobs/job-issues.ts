import type { ItemIssue } from '@holdfast/engine';
import type { JobIssueRecord } from './backup-job-store.ts';

/** Issues of a job as they are kept, numbered from 1 in the order in which they were found. */
export function jobIssues(jobId: string, issues: readonly ItemIssue[]): readonly JobIssueRecord[] {
  return issues.map((issue, index) => ({ jobId, sequence: index + 1, ...issue }));
}
