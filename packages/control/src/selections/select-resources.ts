/**
 * Which resources a selection covers and why (PLAN-115): those that match `Resources` or `ListOfTags`, minus those that
 * match `NotResources`, as far as all `Conditions` hold. Pure; evaluated anew at every run (PLAN-104).
 */
import type { Tags } from '../scope.ts';
import { isOptedIn } from '../settings/region-settings.ts';
import type { RegionSettingsRecord } from '../settings/settings-store.ts';
import type { BackupSelectionDocument } from './backup-selection-store.ts';
import { type TagCondition, tagConditions, tagKeyOf } from './tag-conditions.ts';
import { hasWildcard, type TextMatcher, wildcardMatcher } from './wildcard.ts';

/** What a selection looks at in a resource. */
export interface SelectableResource {
  readonly arn: string;
  readonly resourceType: string;
  readonly tags: Tags;
}

/** Why a resource is in or out. */
export type SelectionReason =
  | { readonly included: true; readonly by: 'resources'; readonly pattern: string }
  | { readonly included: true; readonly by: 'tag'; readonly key: string; readonly value: string }
  | { readonly included: true; readonly by: 'everything' }
  | { readonly included: false; readonly because: 'no-match' }
  | { readonly included: false; readonly because: 'not-resources'; readonly pattern: string }
  | { readonly included: false; readonly because: 'condition'; readonly condition: string }
  | { readonly included: false; readonly because: 'not-opted-in'; readonly resourceType: string };

export type SelectionEvaluator = (resource: SelectableResource) => SelectionReason;

export interface SelectedResource<R extends SelectableResource> {
  readonly resource: R;
  readonly reason: SelectionReason;
}

/** The verdict on every resource, in the order given. */
export function selectResources<R extends SelectableResource>(
  selection: BackupSelectionDocument,
  resources: Iterable<R>,
  settings: RegionSettingsRecord,
): readonly SelectedResource<R>[] {
  const evaluate = selectionEvaluator(selection, settings);
  return Array.from(resources, (resource) => ({ resource, reason: evaluate(resource) }));
}

/** Prepares a selection once for any number of resources. */
export function selectionEvaluator(
  selection: BackupSelectionDocument,
  settings: RegionSettingsRecord,
): SelectionEvaluator {
  const include = includer(selection);
  const exclude = firstMatch(selection.NotResources ?? []);
  const conditions = tagConditions(selection.Conditions);
  return (resource) => {
    const included = include(resource);
    if (included === undefined) return { included: false, because: 'no-match' };
    const excluded = exclude(resource.arn);
    if (excluded !== undefined) return { included: false, because: 'not-resources', pattern: excluded };
    const failed = conditions.find((condition: TagCondition) => !condition.holds(resource.tags));
    if (failed !== undefined) return { included: false, because: 'condition', condition: failed.text };
    const { resourceType } = resource;
    // A type that was assigned by name is backed up even when it is not opted in (CORE-57).
    const isAssignedByName = included.by === 'resources' && namesService(included.pattern);
    if (!isAssignedByName && !isOptedIn(settings, resourceType)) {
      return { included: false, because: 'not-opted-in', resourceType };
    }
    return included;
  };
}

type Inclusion = Extract<SelectionReason, { included: true }>;

function includer(selection: BackupSelectionDocument): (resource: SelectableResource) => Inclusion | undefined {
  const patterns = selection.Resources ?? [];
  const tags = selection.ListOfTags ?? [];
  // Nothing to include is named: everything is meant (PLAN-119).
  if (patterns.length === 0 && tags.length === 0) return () => ({ included: true, by: 'everything' });
  // Patterns that name a service first: they also override the opt-in.
  const match = firstMatch([...patterns.filter(namesService), ...patterns.filter((pattern) => !namesService(pattern))]);
  const wanted = tags.map((tag) => ({ key: tagKeyOf(tag.ConditionKey), value: tag.ConditionValue }));
  return (resource) => {
    const pattern = match(resource.arn);
    if (pattern !== undefined) return { included: true, by: 'resources', pattern };
    const tag = wanted.find(({ key, value }) => Object.hasOwn(resource.tags, key) && resource.tags[key] === value);
    return tag === undefined ? undefined : { included: true, by: 'tag', ...tag };
  };
}

/** `arn:aws:fsx:*` speaks of a service; `*` and `arn:aws:*` speak of everything. */
function namesService(pattern: string): boolean {
  const service = pattern.split(':')[2];
  return pattern.startsWith('arn:') && service !== undefined && service !== '' && !hasWildcard(service);
}

/** The first pattern that matches an ARN: exact ones by look-up, the others one by one. */
function firstMatch(patterns: readonly string[]): (arn: string) => string | undefined {
  const exact = new Set(patterns.filter((pattern) => !hasWildcard(pattern)));
  const wild: readonly (readonly [string, TextMatcher])[] = patterns
    .filter(hasWildcard)
    .map((pattern) => [pattern, wildcardMatcher(pattern)] as const);
  return (arn) => (exact.has(arn) ? arn : wild.find(([, matches]) => matches(arn))?.[0]);
}
