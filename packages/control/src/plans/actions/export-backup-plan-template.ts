import type { BackupHandler } from '../../action.ts';
import { livePlan } from '../find-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { writePlanText } from '../plan-template-text.ts';

/** API-70, API-71: the plan as a signed text for GetBackupPlanFromJSON. */
export function exportBackupPlanTemplate(ports: PlanPorts): BackupHandler<'ExportBackupPlanTemplate'> {
  return async (input, context) => {
    const plan = await livePlan(ports.plans, context, input.BackupPlanId);
    return { BackupPlanTemplateJson: writePlanText(plan.document, ports.templateKey) };
  };
}
