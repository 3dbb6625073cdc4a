import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import type { BackupSelectionStore } from '../selections/backup-selection-store.ts';
import type { BackupPlanStore } from './backup-plan-store.ts';
import { livePlan } from './find-plan.ts';
import { type PlanPreview, previewPlan } from './preview-plan.ts';
import { type ScopeResource, takeScopeSnapshot } from './scope-snapshot.ts';

/** What looking ahead needs; it changes nothing. */
export interface PlanPreviewPorts {
  readonly plans: BackupPlanStore;
  readonly selections: BackupSelectionStore;
  readonly stores: Pick<ControlPorts['stores'], 'resources' | 'settings'>;
}

/**
 * What a stored plan would do in `(fromAt, toAt]` (ms), on the resources that are there now.
 * @throws ServiceError ResourceNotFoundException
 */
export async function loadPlanPreview(
  ports: PlanPreviewPorts,
  scope: Scope,
  planId: string,
  fromAt: number,
  toAt: number,
): Promise<{ readonly planName: string; readonly preview: PlanPreview<ScopeResource> }> {
  const plan = await livePlan(ports.plans, scope, planId);
  const snapshot = await takeScopeSnapshot(ports, scope);
  const planScope = {
    selections: await ports.selections.listOfPlan(plan.planId),
    resources: snapshot.resources,
    settings: snapshot.settingsOf(plan),
    isContinuousElsewhere: (resource: ScopeResource) => snapshot.isContinuousElsewhere(plan, resource),
  };
  const cursors = await ports.plans.listCursors(plan.planId);
  return {
    planName: plan.document.BackupPlanName,
    preview: previewPlan(plan, cursors, planScope, fromAt, toAt),
  };
}
