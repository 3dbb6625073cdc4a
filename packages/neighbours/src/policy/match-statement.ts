import { matchesResourcePattern } from './arn-pattern.ts';
import type { ConditionContext } from './condition-context.ts';
import { conditionsHold } from './evaluate-conditions.ts';
import type { PatternSet, PolicyDocument, PolicyStatement } from './policy-document.ts';
import { compilePattern, matchesPattern, type VariableResolver } from './wildcard-pattern.ts';

/** What is asked: an action on a resource, under circumstances. */
export interface AccessQuestion {
  /** For example `backup:StartBackupJob`. */
  readonly action: string;
  /** An ARN, or `*` for an action on no resource in particular. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/** Whether a statement speaks of this question; its principals are looked at elsewhere. */
export function matchesStatement(
  policy: PolicyDocument,
  statement: PolicyStatement,
  question: AccessQuestion,
): boolean {
  const resolve = policy.version === '2012-10-17' ? (key: string) => question.context.single(key) : undefined;
  return (
    matchesAction(statement.actions, question.action) &&
    matchesResource(statement, question.resource, resolve) &&
    conditionsHold(statement.conditions, question.context, resolve)
  );
}

function matchesAction(actions: PatternSet, action: string): boolean {
  const wanted = action.toLowerCase();
  const listed = actions.patterns.some((text) => {
    const pattern = compilePattern(text.toLowerCase());
    return pattern !== undefined && matchesPattern(pattern, wanted);
  });
  return listed !== actions.negated;
}

function matchesResource(statement: PolicyStatement, resource: string, resolve: VariableResolver | undefined): boolean {
  const { resources } = statement;
  if (resources === undefined) return true;
  // An allowance for "everything but <unknown>" would be one for everything: without the variable it says nothing.
  if (resources.negated && statement.effect === 'Allow' && hasUnresolved(resources, resolve)) return false;
  const listed = resources.patterns.some((pattern) => matchesResourcePattern(pattern, resource, resolve));
  return listed !== resources.negated;
}

function hasUnresolved(resources: PatternSet, resolve: VariableResolver | undefined): boolean {
  return resources.patterns.some((pattern) => compilePattern(pattern, resolve) === undefined);
}
