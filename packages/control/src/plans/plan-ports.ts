import type { ControlPorts, RolePort } from '../ports.ts';
import type { BackupSelectionStore } from '../selections/backup-selection-store.ts';
import type { BackupPlanStore } from './backup-plan-store.ts';

/** One serializable transaction of the catalog around several calls of stores; nested calls join it. */
export interface TransactionPort {
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

/** Limits on plans and selections (QUOTA-2, PLAN-121), each a setting of the installation with AWS's default. */
export interface PlanQuotas {
  readonly plansPerRegion: number;
  readonly versionsPerPlan: number;
  readonly selectionsPerPlan: number;
  readonly exactArnsPerList: number;
  readonly wildcardArnsPerList: number;
  readonly conditionsPerSelection: number;
  readonly tagsPerSelection: number;
}

export const DEFAULT_PLAN_QUOTAS: PlanQuotas = {
  plansPerRegion: 300,
  versionsPerPlan: 2000,
  selectionsPerPlan: 100,
  exactArnsPerList: 500,
  wildcardArnsPerList: 30,
  conditionsPerSelection: 30,
  tagsPerSelection: 30,
};

/** What the actions on plans and selections need. */
export interface PlanPorts extends Pick<ControlPorts, 'ids' | 'quotas'> {
  readonly roles: Pick<RolePort, 'assume'>;
  readonly plans: BackupPlanStore;
  readonly selections: BackupSelectionStore;
  readonly catalog: TransactionPort;
  readonly planQuotas: PlanQuotas;
  /** Secret of the installation with which exported templates are signed (API-71); at least 16 bytes. */
  readonly templateKey: Uint8Array;
}
