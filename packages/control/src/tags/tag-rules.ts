/** What a tag may look like (API-18) and how many a resource may carry (QUOTA-2). */
import { invalidParameter, limitExceeded } from '../errors.ts';
import type { Tags } from '../scope.ts';

const MAXIMUM_KEY_LENGTH = 128;
const MAXIMUM_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks tags of a request.
 * @throws ServiceError InvalidParameterValueException for a bad key or value, LimitExceededException for too many
 */
export function checkTags(tags: Readonly<Record<string, string | undefined>> | undefined, limit: number): Tags {
  const checked: Record<string, string> = {};
  for (const [key, value = ''] of Object.entries(tags ?? {})) {
    checkKey(key);
    if (value.length > MAXIMUM_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw invalidParameter(
        `The value of tag "${key}" must be at most ${MAXIMUM_VALUE_LENGTH} letters, digits, spaces or _ . : / = + - @.`,
        'Tags',
      );
    }
    checked[key] = value;
  }
  const count = Object.keys(checked).length;
  if (count > limit) throw tooManyTags(limit);
  return checked;
}

export function tooManyTags(limit: number): Error {
  return limitExceeded(`A resource can carry at most ${limit} tags. Remove some before adding others.`, 'Tags');
}

function checkKey(key: string): void {
  if (key.length === 0 || key.length > MAXIMUM_KEY_LENGTH || !ALLOWED.test(key)) {
    throw invalidParameter(
      `Tag keys must be 1 to ${MAXIMUM_KEY_LENGTH} letters, digits, spaces or _ . : / = + - @, not "${key}".`,
      'Tags',
    );
  }
  if (key.toLowerCase().startsWith('aws:')) {
    throw invalidParameter(`Tag keys that begin with "aws:" are reserved: "${key}".`, 'Tags');
  }
}

/**
 * Tags of a new recovery point (BKP-205, BKP-208): those of the resource, those of the request winning; at most
 * `limit`, the request's first, each set in alphabetical order. `dropped` counts what found no place.
 */
export function recoveryPointTags(
  resourceTags: Tags,
  requestTags: Tags,
  limit: number,
): { tags: Tags; dropped: number } {
  const merged = new Map<string, string>();
  for (const source of [requestTags, resourceTags]) {
    for (const key of Object.keys(source).sort()) {
      const value = source[key];
      if (value !== undefined && !merged.has(key) && !key.startsWith('aws:')) merged.set(key, value);
    }
  }
  const kept = [...merged].slice(0, limit);
  return { tags: Object.fromEntries(kept), dropped: merged.size - kept.length };
}
