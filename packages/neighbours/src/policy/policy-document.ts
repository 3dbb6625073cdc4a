/**
 * A policy as the evaluator sees it: every "one or a list" of the JSON form is a list, every element that may be
 * negated carries the fact. `parsePolicy` makes these from text; nothing else does.
 */

export type PolicyVersion = '2008-10-17' | '2012-10-17';

/** Where a policy is used; decides which elements it must and must not have. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'service-control';

/** A list of patterns, or everything but them (`NotAction`, `NotResource`). */
export interface PatternSet {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

export interface PrincipalEntry {
  readonly type: PrincipalType;
  readonly value: string;
}

/** `Principal`, or everybody but these (`NotPrincipal`). `"*"` alone is one AWS entry with the value `*`. */
export interface PrincipalSet {
  readonly negated: boolean;
  readonly entries: readonly PrincipalEntry[];
}

/** How a condition treats a key with several values; without one, any value may match. */
export type SetQuantifier = 'ForAllValues' | 'ForAnyValue';

/** One key under one operator of a `Condition` block. All clauses of a statement must hold. */
export interface ConditionClause {
  readonly operator: string;
  readonly quantifier: SetQuantifier | undefined;
  readonly ifExists: boolean;
  /** In lower case: names of condition keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: PrincipalSet | undefined;
  readonly actions: PatternSet;
  /** Absent in trust policies, which speak of the role that they are attached to. */
  readonly resources: PatternSet | undefined;
  readonly conditions: readonly ConditionClause[];
}

export interface PolicyDocument {
  readonly version: PolicyVersion;
  readonly id: string | undefined;
  readonly statements: readonly PolicyStatement[];
}

/** The text is no valid policy of its kind. The message says which element and why; it is shown to the caller. */
export class MalformedPolicyError extends Error {
  override readonly name = 'MalformedPolicyError';
}
