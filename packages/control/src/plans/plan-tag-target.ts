import type { TagTarget } from '../tags/tag-target.ts';
import type { BackupPlanStore } from './backup-plan-store.ts';

/** Plans can carry tags; `:plan:` is understood as an alias of `:backup-plan:`. */
export function planTagTarget(plans: BackupPlanStore): TagTarget {
  return {
    async find(scope, arn) {
      const match = /^(arn:[^:]+:backup:[^:]+:[^:]+):(?:backup-)?plan:([^:]+)$/.exec(arn);
      const plan = match === null ? undefined : await plans.get(scope, match[2] ?? '');
      return plan !== undefined && plan.deletedAt === undefined && plan.arn.startsWith(`${match?.[1]}:`)
        ? plan.arn
        : undefined;
    },
  };
}
