import { ConditionContext } from '../policy/condition-context.ts';

/** `aws:ResourceTag/…` for the tags that a resource has. */
export function resourceTagConditions(tags: Readonly<Record<string, string>>): ConditionContext {
  const context = new ConditionContext();
  for (const [key, value] of Object.entries(tags)) context.set(`aws:ResourceTag/${key}`, value);
  return context;
}

/** `aws:RequestTag/…` and `aws:TagKeys` for the tags that a request wants to set, or the keys it wants to remove. */
export function requestTagConditions(
  tags: Readonly<Record<string, string>>,
  removedKeys: readonly string[] = [],
): ConditionContext {
  const context = new ConditionContext({ 'aws:TagKeys': [...Object.keys(tags), ...removedKeys] });
  for (const [key, value] of Object.entries(tags)) context.set(`aws:RequestTag/${key}`, value);
  return context;
}
