import type { BackupOperations } from '../action.ts';
import type { Scope } from '../scope.ts';

/** A plan as a client sends it. */
export type BackupPlanInput = BackupOperations['CreateBackupPlan']['input']['BackupPlan'];
export type BackupRuleInput = BackupPlanInput['Rules'][number];

/** A rule as it is kept and returned: checked, with the service's own defaults filled in and with its identity. */
export type BackupRule = BackupRuleInput & {
  readonly RuleId: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartWindowMinutes: number;
  readonly CompletionWindowMinutes: number;
};

/** The body of a plan as it is kept, in the API's own words, so that what clients sent comes back unchanged. */
export type BackupPlanDocument = Omit<BackupPlanInput, 'Rules'> & { readonly Rules: readonly BackupRule[] };

/** The organisation whose backup policies make a plan; users of its account cannot change the plan. */
export interface PlanManager {
  readonly organizationId: string;
  /** Whose opt-in settings count for the plan (ORG-59). */
  readonly managementAccountId: string;
}

/** A plan with its current version. */
export interface BackupPlanRecord extends Scope {
  readonly planId: string;
  readonly arn: string;
  readonly creatorRequestId?: string;
  readonly managedBy?: PlanManager;
  readonly createdAt: number;
  readonly deletedAt?: number;
  /** When a rule last made jobs. */
  readonly lastExecutedAt?: number;
  /** The current version. */
  readonly versionId: string;
  readonly versionCreatedAt: number;
  readonly document: BackupPlanDocument;
}

/** One version of a plan; earlier ones stay readable after the plan is deleted (API-67). */
export interface BackupPlanVersionRecord {
  readonly planId: string;
  readonly versionId: string;
  /** 1 for the first, growing by one. */
  readonly sequence: number;
  readonly createdAt: number;
  readonly document: BackupPlanDocument;
}

/**
 * How far a rule's schedule has been acted upon. Everything at or before `decidedUntil` has been decided for good, which
 * is what keeps an occurrence from firing twice.
 */
export interface RuleCursor extends Scope {
  readonly planId: string;
  readonly ruleId: string;
  readonly decidedUntil: number;
  /** From where a rate counts: when the rule got its present schedule. */
  readonly anchorAt: number;
  /** The next occurrence after `decidedUntil`; absent when the schedule has none left. */
  readonly nextFireAt?: number;
}

/** Occurrences of a rule that did not start because nobody was there to start them. */
export interface MissedOccurrences {
  readonly planId: string;
  readonly ruleId: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  readonly recordedAt: number;
}
