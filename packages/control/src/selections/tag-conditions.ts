import type { Tags } from '../scope.ts';
import type { BackupSelectionDocument } from './backup-selection-store.ts';
import { wildcardMatcher } from './wildcard.ts';

/** One entry of `Conditions`, ready to be asked. */
export interface TagCondition {
  /** For reasons: `StringEquals aws:ResourceTag/stage = prod`. */
  readonly text: string;
  readonly holds: (tags: Tags) => boolean;
}

type Conditions = NonNullable<BackupSelectionDocument['Conditions']>;
type Operator = keyof Conditions;
const OPERATORS: readonly Operator[] = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'];
const PREFIX = 'aws:ResourceTag/';

/**
 * The entries of all operators; a resource must satisfy every one (PLAN-115). As in IAM, an absent tag satisfies the
 * negated operators and fails the others.
 */
export function tagConditions(conditions: Conditions | undefined): readonly TagCondition[] {
  return OPERATORS.flatMap((operator) =>
    (conditions?.[operator] ?? []).map((entry) =>
      tagCondition(operator, entry.ConditionKey ?? '', entry.ConditionValue ?? ''),
    ),
  );
}

/** The tag key of a condition, written with or without `aws:ResourceTag/`. */
export function tagKeyOf(conditionKey: string): string {
  return conditionKey.startsWith(PREFIX) ? conditionKey.slice(PREFIX.length) : conditionKey;
}

function tagCondition(operator: Operator, conditionKey: string, wanted: string): TagCondition {
  const key = tagKeyOf(conditionKey);
  const isLike = operator === 'StringLike' || operator === 'StringNotLike';
  const isNegated = operator === 'StringNotEquals' || operator === 'StringNotLike';
  const matches = isLike ? wildcardMatcher(wanted) : (value: string) => value === wanted;
  return {
    text: `${operator} ${PREFIX}${key} = ${wanted}`,
    holds: (tags) => {
      const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
      return (value !== undefined && matches(value)) !== isNegated;
    },
  };
}
