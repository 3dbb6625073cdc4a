import type { RecordPage } from '../records/record-collection.ts';
import { validationError } from './iam-errors.ts';

export interface IamPageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface IamPageOutput {
  readonly IsTruncated: boolean;
  readonly Marker?: string | undefined;
}

/** Page size and place in the list from a request. @throws ServiceError ValidationError */
export function pageOf(input: IamPageInput): { limit: number; afterKey: string | undefined } {
  const limit = input.MaxItems ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw validationError(`Value '${limit}' at 'maxItems' failed to satisfy constraint: must be between 1 and 1000`);
  }
  return { limit, afterKey: input.Marker === undefined ? undefined : decodeMarker(input.Marker) };
}

/** The members of an answer that tell whether and where the list goes on. */
export function pageEnd(page: Pick<RecordPage<unknown>, 'nextKey'>): IamPageOutput {
  return page.nextKey === undefined
    ? { IsTruncated: false }
    : { IsTruncated: true, Marker: encodeMarker(page.nextKey) };
}

/** A page of a list that is kept whole, sorted by its text. */
export function pageOfList(list: readonly string[], input: IamPageInput): RecordPage<string> {
  const { limit, afterKey } = pageOf(input);
  const rest = [...list].sort().filter((item) => afterKey === undefined || item > afterKey);
  return rest.length > limit ? { items: rest.slice(0, limit), nextKey: rest[limit - 1] } : { items: rest };
}

function encodeMarker(key: string): string {
  return Buffer.from(`1:${key}`).toString('base64url');
}

function decodeMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith('1:')) throw validationError('Invalid Marker.');
  return text.slice(2);
}
