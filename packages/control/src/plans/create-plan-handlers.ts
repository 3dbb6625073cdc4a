import type { BackupHandler, BackupOperations } from '../action.ts';
import { createBackupSelection } from '../selections/actions/create-backup-selection.ts';
import { deleteBackupSelection } from '../selections/actions/delete-backup-selection.ts';
import { getBackupSelection } from '../selections/actions/get-backup-selection.ts';
import { listBackupSelections } from '../selections/actions/list-backup-selections.ts';
import { createBackupPlan } from './actions/create-backup-plan.ts';
import { deleteBackupPlan } from './actions/delete-backup-plan.ts';
import { exportBackupPlanTemplate } from './actions/export-backup-plan-template.ts';
import { getBackupPlan } from './actions/get-backup-plan.ts';
import { getBackupPlanFromJson } from './actions/get-backup-plan-from-json.ts';
import { getBackupPlanFromTemplate } from './actions/get-backup-plan-from-template.ts';
import { listBackupPlanTemplates } from './actions/list-backup-plan-templates.ts';
import { listBackupPlanVersions } from './actions/list-backup-plan-versions.ts';
import { listBackupPlans } from './actions/list-backup-plans.ts';
import { updateBackupPlan } from './actions/update-backup-plan.ts';
import type { PlanPorts } from './plan-ports.ts';

/** The handlers of AWS Backup's operations by name, as far as one concept has them. */
export type ConceptHandlers<Name extends keyof BackupOperations> = { readonly [Key in Name]: BackupHandler<Key> };

export type PlanOperation =
  | 'CreateBackupPlan'
  | 'GetBackupPlan'
  | 'UpdateBackupPlan'
  | 'DeleteBackupPlan'
  | 'ListBackupPlans'
  | 'ListBackupPlanVersions'
  | 'ListBackupPlanTemplates'
  | 'GetBackupPlanFromTemplate'
  | 'GetBackupPlanFromJSON'
  | 'ExportBackupPlanTemplate'
  | 'CreateBackupSelection'
  | 'GetBackupSelection'
  | 'ListBackupSelections'
  | 'DeleteBackupSelection';

/** Plans, their templates and their selections. */
export function createPlanHandlers(ports: PlanPorts): ConceptHandlers<PlanOperation> {
  return {
    CreateBackupPlan: createBackupPlan(ports),
    GetBackupPlan: getBackupPlan(ports),
    UpdateBackupPlan: updateBackupPlan(ports),
    DeleteBackupPlan: deleteBackupPlan(ports),
    ListBackupPlans: listBackupPlans(ports),
    ListBackupPlanVersions: listBackupPlanVersions(ports),
    ListBackupPlanTemplates: listBackupPlanTemplates(),
    GetBackupPlanFromTemplate: getBackupPlanFromTemplate(ports),
    GetBackupPlanFromJSON: getBackupPlanFromJson(ports),
    ExportBackupPlanTemplate: exportBackupPlanTemplate(ports),
    CreateBackupSelection: createBackupSelection(ports),
    GetBackupSelection: getBackupSelection(ports),
    ListBackupSelections: listBackupSelections(ports),
    DeleteBackupSelection: deleteBackupSelection(ports),
  };
}
