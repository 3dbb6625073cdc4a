import type { ConditionContext } from './condition-context.ts';
import { conditionOperator } from './condition-operators.ts';
import type { ConditionClause } from './policy-document.ts';
import type { VariableResolver } from './wildcard-pattern.ts';

/** Whether every clause of a `Condition` block holds for the request. `resolve` is absent where variables are not read. */
export function conditionsHold(
  clauses: readonly ConditionClause[],
  context: ConditionContext,
  resolve: VariableResolver | undefined,
): boolean {
  return clauses.every((clause) => evaluateClause(clause, context, resolve));
}

/** Whether one clause holds; the rules for absent keys differ by operator, quantifier and `IfExists`. */
export function evaluateClause(
  clause: ConditionClause,
  context: ConditionContext,
  resolve: VariableResolver | undefined,
): boolean {
  const values = context.values(clause.key);
  if (clause.operator.toLowerCase() === 'null') {
    return clause.values.some((wanted) => (wanted.toLowerCase() === 'true') === (values === undefined));
  }
  const operator = conditionOperator(clause.operator);
  if (operator === undefined) return false;
  if (values === undefined) return holdsWithoutKey(clause, operator.negated);
  const matchesAny = (value: string): boolean =>
    clause.values.some((policyValue) => operator.matches(value, policyValue, resolve));
  const holds = (value: string): boolean => matchesAny(value) !== operator.negated;
  if (clause.quantifier === 'ForAllValues') return values.every(holds);
  if (clause.quantifier === 'ForAnyValue') return values.some(holds);
  // Without a quantifier a negated operator refuses a request when any of its values is listed.
  return operator.negated ? values.every(holds) : values.some(holds);
}

function holdsWithoutKey(clause: ConditionClause, negated: boolean): boolean {
  if (clause.ifExists || clause.quantifier === 'ForAllValues') return true;
  return clause.quantifier === 'ForAnyValue' ? false : negated;
}
