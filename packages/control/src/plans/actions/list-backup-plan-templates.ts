import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { Page, PageRequest } from '../../pagination/page.ts';
import { BACKUP_PLAN_TEMPLATES, type BackupPlanTemplate } from '../plan-templates.ts';

/** API2-59, API2-60. */
export function listBackupPlanTemplates(): BackupHandler<'ListBackupPlanTemplates'> {
  return async (input, context) => {
    const page = await listPage(input, context, async (request) => templatePage(request));
    return {
      BackupPlanTemplatesList: page.items.map(({ templateId, name }) => ({
        BackupPlanTemplateId: templateId,
        BackupPlanTemplateName: name,
      })),
      NextToken: page.NextToken,
    };
  };
}

function templatePage({ limit, afterKey }: PageRequest): Page<BackupPlanTemplate> {
  const start = BACKUP_PLAN_TEMPLATES.findIndex(({ templateId }) => templateId === afterKey) + 1;
  const items = BACKUP_PLAN_TEMPLATES.slice(start, start + limit);
  const last = items.at(-1);
  return last === undefined || start + limit >= BACKUP_PLAN_TEMPLATES.length
    ? { items }
    : { items, nextKey: last.templateId };
}
