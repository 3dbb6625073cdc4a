import type { BackupHandler } from '../../action.ts';
import { planFromJson } from '../plan-from-json.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { readPlanText } from '../plan-template-text.ts';
import { presentPlanBody } from '../present-plan.ts';
import { readPlan } from '../read-plan.ts';

/** API-77 to API-79: checks a plan text and returns it as a plan; nothing is stored. */
export function getBackupPlanFromJson(ports: PlanPorts): BackupHandler<'GetBackupPlanFromJSON'> {
  return async (input) => {
    const plan = planFromJson(readPlanText(input.BackupPlanTemplateJson, ports.templateKey));
    const document = readPlan(plan, ports.quotas.tagsPerResource, () => ports.ids.uuid());
    const settings = document.AdvancedBackupSettings;
    return {
      BackupPlan: {
        ...presentPlanBody(document),
        ...(settings === undefined ? {} : { AdvancedBackupSettings: settings }),
      },
    };
  };
}
