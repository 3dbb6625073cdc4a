import type { TimeRange } from './page.ts';

/** The dates of a list's filters as a range; undefined when neither is given. */
export function timeRange(after: Date | undefined, before: Date | undefined): TimeRange | undefined {
  if (after === undefined && before === undefined) return undefined;
  return {
    ...(after === undefined ? {} : { after: after.getTime() }),
    ...(before === undefined ? {} : { before: before.getTime() }),
  };
}
