import { ServiceError } from '@holdfast/wire';
import { limitExceeded } from './kms-errors.ts';

type TagMap = Readonly<Record<string, string>>;

/** Present tags with those of a request over them. @throws ServiceError TagException, LimitExceededException */
export function mergeTags(
  present: TagMap,
  added: readonly { readonly TagKey: string; readonly TagValue: string }[],
): TagMap {
  for (const { TagKey } of added) {
    if (TagKey.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('TagException', `Tag keys that begin with aws: are reserved: ${TagKey}`);
    }
  }
  const merged = { ...present, ...Object.fromEntries(added.map(({ TagKey, TagValue }) => [TagKey, TagValue])) };
  if (Object.keys(merged).length > 50) throw limitExceeded('A key has at most 50 tags.');
  return merged;
}

/** Tags as the API lists them. */
export function tagList(tags: TagMap): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
