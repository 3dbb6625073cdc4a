import type { BackupRule } from './backup-plan.ts';

/** How long a rule keeps its backups, as rules are compared: indefinitely is the longest (PLAN-76). */
export function retentionDays(rule: BackupRule): number {
  const days = rule.Lifecycle?.DeleteAfterDays;
  return days === undefined || days < 0 ? Number.MAX_SAFE_INTEGER : days;
}
