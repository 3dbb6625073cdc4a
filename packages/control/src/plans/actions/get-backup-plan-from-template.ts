import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { BACKUP_PLAN_TEMPLATES } from '../plan-templates.ts';
import { presentPlanBody } from '../present-plan.ts';
import { readPlan } from '../read-plan.ts';

/** API-80, API-81: the answer's member is BackupPlanDocument. */
export function getBackupPlanFromTemplate(ports: PlanPorts): BackupHandler<'GetBackupPlanFromTemplate'> {
  return async (input) => {
    const template = BACKUP_PLAN_TEMPLATES.find(({ templateId }) => templateId === input.BackupPlanTemplateId);
    if (template === undefined) {
      throw resourceNotFound(
        `There is no backup plan template ${input.BackupPlanTemplateId}. List the templates to see those that exist.`,
        input.BackupPlanTemplateId,
      );
    }
    const document = readPlan(template.plan, ports.quotas.tagsPerResource, () => ports.ids.uuid());
    return { BackupPlanDocument: presentPlanBody(document) };
  };
}
