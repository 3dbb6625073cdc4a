import type { JobOutcome } from '@holdfast/jobs';

/**
 * The end of a restore that went through. Missing data is a failure, though what could be restored stays: whoever
 * restores at 3 a.m. must not read "completed" over a tree with holes.
 */
export function restoreOutcome(
  counts: { issueCount: number; missingCount: number },
  restored: { readonly createdResourceArn: string; readonly message?: string },
): JobOutcome {
  if (counts.missingCount > 0) {
    return {
      result: 'failed',
      category: 'PARTIAL_DATA',
      message:
        `${counts.missingCount} items could not be restored; everything else is at ${restored.createdResourceArn}. ` +
        "The job's issues name them.",
    };
  }
  const remark = restored.message === undefined ? {} : { message: restored.message };
  if (counts.issueCount === 0) return { result: 'completed', ...remark };
  const lost = `All data was restored; ${counts.issueCount} items lost a detail. The job's issues name them.`;
  return {
    result: 'completed',
    category: 'PARTIAL_DATA',
    message: restored.message === undefined ? lost : `${lost} ${restored.message}`,
  };
}
