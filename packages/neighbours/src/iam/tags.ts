import type { TagMap } from '../identity/identity-records.ts';
import { invalidInput, limitExceeded } from './iam-errors.ts';

export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

const MOST_TAGS = 50;

/** Tags of a request as a map. @throws ServiceError InvalidInput, LimitExceeded */
export function tagsOf(tags: readonly TagInput[] | undefined): TagMap {
  return mergeTags({}, tags ?? []);
}

/** Present tags with those of a request over them. @throws ServiceError InvalidInput, LimitExceeded */
export function mergeTags(present: TagMap, added: readonly TagInput[]): TagMap {
  const keys = new Set<string>();
  for (const { Key, Value } of added) {
    if (Key === '' || Key.length > 128 || Value.length > 256) {
      throw invalidInput('A tag key has 1 to 128 characters, a tag value at most 256.');
    }
    if (Key.toLowerCase().startsWith('aws:')) throw invalidInput(`Tag keys that begin with aws: are reserved: ${Key}`);
    if (keys.has(Key.toLowerCase())) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    keys.add(Key.toLowerCase());
  }
  const kept = Object.entries(present).filter(([key]) => !keys.has(key.toLowerCase()));
  const merged = Object.fromEntries([...kept, ...added.map(({ Key, Value }) => [Key, Value])]);
  if (Object.keys(merged).length > MOST_TAGS) {
    throw limitExceeded(`The number of tags has reached the maximum limit of ${MOST_TAGS}.`);
  }
  return merged;
}

export function withoutTags(present: TagMap, keys: readonly string[]): TagMap {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(present).filter(([key]) => !removed.has(key.toLowerCase())));
}

/** Tags as the API lists them, by key. */
export function tagList(tags: TagMap): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}
