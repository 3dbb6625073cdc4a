import { ServiceError } from '@holdfast/wire';
import type { RecordPage, RecordPageRequest } from '../records/record-collection.ts';

interface KmsPageInput {
  readonly Limit?: number | undefined;
  readonly Marker?: string | undefined;
}

/** @throws ServiceError InvalidMarkerException */
export function pageOf({ Limit, Marker }: KmsPageInput, defaultLimit = 100): RecordPageRequest {
  const afterKey = Marker === undefined ? undefined : Buffer.from(Marker, 'base64url').toString();
  if (afterKey?.startsWith('1:') === false) {
    throw new ServiceError('InvalidMarkerException', 'The Marker is not one that this list has given.');
  }
  return { limit: Limit ?? defaultLimit, afterKey: afterKey?.slice(2) };
}

export function pageEnd({ nextKey }: Pick<RecordPage<unknown>, 'nextKey'>): {
  Truncated: boolean;
  NextMarker?: string;
} {
  if (nextKey === undefined) return { Truncated: false };
  return { Truncated: true, NextMarker: Buffer.from(`1:${nextKey}`).toString('base64url') };
}
