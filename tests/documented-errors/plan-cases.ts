/** Operations on plans and selections. */
import { BAD_ID, BAD_NAME, list, NO_ID, plan, planErrors, type Table, TOO_MANY_TAGS } from './case-forms.ts';
import { NO_RESOURCE, planOf, ROLE } from './world.ts';

export const planCases: Table = {
  CreateBackupPlan: {
    good: (world) => ({ BackupPlan: planOf(world.fresh()) }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlan' },
      InvalidParameterValueException: () => ({ BackupPlan: planOf(BAD_NAME) }),
      AlreadyExistsException: () => ({ BackupPlan: planOf('the-plan') }),
      LimitExceededException: ({ server }) => {
        server.quotas.plans.plansPerRegion = 1;
        return {};
      },
    },
  },
  GetBackupPlan: { good: plan, errors: planErrors },
  UpdateBackupPlan: {
    good: (world) => ({ ...plan(world), BackupPlan: planOf('the-plan') }),
    errors: {
      ...planErrors,
      MissingParameterValueException: { missing: 'BackupPlan' },
      InvalidParameterValueException: () => ({ BackupPlan: planOf(BAD_NAME) }),
    },
  },
  DeleteBackupPlan: { good: plan, errors: { ...planErrors, InvalidRequestException: () => ({}) } },
  ListBackupPlans: list,
  ListBackupPlanVersions: { good: plan, errors: planErrors },
  ListBackupPlanTemplates: list,
  ExportBackupPlanTemplate: { good: plan, errors: planErrors },
  GetBackupPlanFromTemplate: {
    good: () => ({ BackupPlanTemplateId: NO_ID }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlanTemplateId' },
      InvalidParameterValueException: () => ({ BackupPlanTemplateId: BAD_ID }),
      ResourceNotFoundException: () => ({}),
    },
  },
  GetBackupPlanFromJSON: {
    good: () => ({ BackupPlanTemplateJson: JSON.stringify(planOf('from-json')) }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlanTemplateJson' },
      InvalidParameterValueException: () => ({ BackupPlanTemplateJson: '{"Unknown": 1}' }),
      InvalidRequestException: () => ({ BackupPlanTemplateJson: '{"BackupPlanName": "x", "Rules": "none"}' }),
      LimitExceededException: () => {
        const [rule] = planOf('x').Rules;
        const Rules = [{ ...rule, RecoveryPointTags: TOO_MANY_TAGS }];
        return { BackupPlanTemplateJson: JSON.stringify({ BackupPlanName: 'x', Rules }) };
      },
    },
  },
  CreateBackupSelection: {
    good: (world) => ({
      ...plan(world),
      BackupSelection: { SelectionName: world.fresh(), IamRoleArn: ROLE, Resources: ['*'] },
    }),
    errors: {
      MissingParameterValueException: { missing: 'BackupSelection' },
      InvalidParameterValueException: () => ({ BackupPlanId: NO_ID }),
      AlreadyExistsException: () => ({
        BackupSelection: { SelectionName: 'all', IamRoleArn: ROLE, Resources: [NO_RESOURCE] },
      }),
      LimitExceededException: ({ server }) => {
        server.quotas.plans.selectionsPerPlan = 1;
        return {};
      },
    },
  },
  GetBackupSelection: {
    good: (world) => ({ ...plan(world), SelectionId: world.selectionId }),
    errors: {
      MissingParameterValueException: { missing: 'SelectionId' },
      InvalidParameterValueException: () => ({ BackupPlanId: NO_ID }),
      ResourceNotFoundException: () => ({ SelectionId: NO_ID }),
    },
  },
  DeleteBackupSelection: {
    good: (world) => ({ ...plan(world), SelectionId: world.selectionId }),
    errors: {
      MissingParameterValueException: { missing: 'SelectionId' },
      InvalidParameterValueException: () => ({ SelectionId: NO_ID }),
    },
  },
  ListBackupSelections: { good: plan, errors: planErrors },
};
