import type { JobOutcome } from '@holdfast/jobs';

export interface IssueCounts {
  readonly issueCount: number;
  /** Issues that say that data is missing. */
  readonly missingCount: number;
  /** Resource tags that found no place among the 50 of the recovery point. */
  readonly droppedTagCount: number;
}

/**
 * The end of a backup that went through: COMPLETED without a word when nothing is to be told, COMPLETED with a message
 * ("completed with issues", API2-29) when details were lost, PARTIAL when data is missing.
 */
export function backupOutcome(counts: IssueCounts): JobOutcome {
  const details = counts.issueCount - counts.missingCount;
  if (counts.missingCount > 0) {
    const rest = details > 0 ? ` ${items(details)} lost a detail.` : '';
    return {
      result: 'partial',
      category: 'PARTIAL_DATA',
      message: `${items(counts.missingCount)} could not be backed up completely.${rest} The job's issues name them.`,
    };
  }
  if (details > 0) {
    return {
      result: 'completed',
      category: 'PARTIAL_DATA',
      message: `All data was backed up; ${items(details)} lost a detail. The job's issues name them.`,
    };
  }
  if (counts.droppedTagCount > 0) {
    return {
      result: 'completed',
      category: 'TAG_COPY_ERROR',
      message: `${counts.droppedTagCount} tags of the resource could not be copied: a recovery point carries at most 50.`,
    };
  }
  return { result: 'completed' };
}

function items(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}
