import { constraint, invalidInput } from './organization-errors.ts';

type TagMap = Readonly<Record<string, string>>;

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags of a request as a map. @throws ServiceError InvalidInputException, ConstraintViolationException */
export function tagMap(tags: readonly Tag[] | undefined, present: TagMap = {}): TagMap {
  const reserved = tags?.find(({ Key }) => Key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', `Tag keys that begin with aws: are reserved: ${reserved.Key}`);
  }
  const merged = { ...present, ...Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value])) };
  if (Object.keys(merged).length > 50) throw constraint('MAX_TAG_LIMIT_EXCEEDED', 'A resource has at most 50 tags.');
  return merged;
}

export function tagList(tags: TagMap): Tag[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}
