/** Message categories of jobs (TS-3): one spelling is stored; input is compared without case and underscores. */

export const MESSAGE_CATEGORIES = [
  'SUCCESS',
  'ACCESS_DENIED',
  'ACCESS_KEY_ERROR',
  'CONCURRENT_JOB',
  'FATAL_ERROR',
  'FEATURE_NOT_ENABLED',
  'HYPERVISOR_OFFLINE',
  'INVALID_LIFECYCLE',
  'INVALID_PARAMETERS',
  'INVALID_STATE',
  'JOB_EXPIRED',
  'KMS_KEY_ERROR',
  'LIMIT_EXCEEDED',
  'PARTIAL_DATA',
  'RESOURCE_NOT_FOUND',
  'RESOURCE_NOT_SUPPORTED',
  'SERVICE_UNAVAILABLE',
  'TAG_COPY_ERROR',
  'TOKEN_EXPIRED',
  'UNSUPPORTED_OPERATION',
  'VSS_ERROR',
] as const;

export type MessageCategory = (typeof MESSAGE_CATEGORIES)[number];

const BY_PLAIN_NAME: ReadonlyMap<string, string> = new Map(
  MESSAGE_CATEGORIES.map((category) => [plainName(category), category]),
);
const NO_FILTER: ReadonlySet<string> = new Set(['*', 'ANY', 'AGGREGATEALL']);

function plainName(text: string): string {
  return text.replaceAll('_', '').toUpperCase();
}

/** A category given by a client in the stored spelling; an unknown one as it is, which then matches nothing. */
export function canonicalMessageCategory(text: string): string {
  return BY_PLAIN_NAME.get(plainName(text)) ?? text;
}

/** The category to filter a job list by; undefined for the words that mean "all" (API2-28). */
export function messageCategoryFilter(text: string | undefined): string | undefined {
  return text === undefined || NO_FILTER.has(plainName(text)) ? undefined : canonicalMessageCategory(text);
}
