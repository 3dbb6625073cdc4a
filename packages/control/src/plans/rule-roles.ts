import type { BackupPlanDocument, BackupRule } from './backup-plan.ts';
import { retentionDays } from './retention-days.ts';

/**
 * `continuous`: the type can be restored to a point in time and this plan is the one that makes its continuous backups.
 * `snapshot`: everything else; continuous rules then make snapshots (BKP-78, BKP-81).
 */
export type ContinuousClass = 'continuous' | 'snapshot';

/** What a rule does for a class of resources. */
export type RuleRole = 'continuous' | 'snapshot' | 'ignored';

/**
 * Of several continuous rules the one with the longest retention makes the continuous backup, the first of equals, and
 * the others are ignored (BKP-79). Snapshot rules work beside it: the two kinds complement each other (BKP-43).
 */
export function ruleRoles(document: BackupPlanDocument, resources: ContinuousClass): ReadonlyMap<string, RuleRole> {
  const continuous = document.Rules.filter((rule) => rule.EnableContinuousBackup === true);
  if (resources === 'snapshot' || continuous.length === 0) {
    return new Map(document.Rules.map((rule) => [rule.RuleId, 'snapshot']));
  }
  const maker = continuous.reduce((best, rule) => (retentionDays(rule) > retentionDays(best) ? rule : best));
  return new Map(document.Rules.map((rule) => [rule.RuleId, roleBeside(rule, maker)]));
}

function roleBeside(rule: BackupRule, maker: BackupRule): RuleRole {
  if (rule.RuleId === maker.RuleId) return 'continuous';
  return rule.EnableContinuousBackup === true ? 'ignored' : 'snapshot';
}
