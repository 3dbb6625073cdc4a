import type { PlanManager } from '../plans/backup-plan.ts';
import type { PlanPorts } from '../plans/plan-ports.ts';
import type { ControlPorts } from '../ports.ts';
import type { PolicyBranch } from './policy-reader.ts';

/** What the backup policies of an organisation come to for one of its accounts. */
export interface EffectiveBackupPolicy extends PlanManager {
  readonly accountId: string;
  readonly policy: PolicyBranch;
}

export interface EffectivePolicyPort {
  /** Of every account that some backup policy reaches. */
  listBackupPolicies(): Promise<readonly EffectiveBackupPolicy[]>;
}

export interface OrganizationPlanPorts
  extends Pick<ControlPorts, 'clock' | 'ids' | 'log' | 'emit'>,
    Pick<PlanPorts, 'plans' | 'selections' | 'catalog' | 'planQuotas'> {
  readonly stores: Pick<ControlPorts['stores'], 'tags'>;
  readonly effectivePolicies: EffectivePolicyPort;
}
