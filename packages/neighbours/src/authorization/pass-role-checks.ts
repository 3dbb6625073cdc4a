import type { AuthorizationRequest } from '@holdfast/wire';
import { accountOfArn } from '../policy/arn.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { objectMember, textMember } from './access-checks.ts';
import type { AccessCheck } from './authorizer.ts';

const BACKUP = 'backup.amazonaws.com';
const RESTORE_TESTING = 'restore-testing.backup.amazonaws.com';

/** Who hands a role to the service must be allowed to pass that role to it (IAM-34, IAM-35). */
export function passRoleChecks({ input, context }: AuthorizationRequest): AccessCheck[] {
  const selection = objectMember(input, 'BackupSelection') ?? objectMember(input, 'RestoreTestingSelection') ?? {};
  const roles = [
    textMember(input, 'IamRoleArn'),
    textMember(input, 'ScannerRoleArn'),
    textMember(selection, 'IamRoleArn'),
  ].filter((arn) => arn !== undefined);
  const service = context.operation.includes('RestoreTestingSelection') ? RESTORE_TESTING : BACKUP;
  return roles.map((resource) => ({
    action: 'iam:PassRole',
    resource,
    resourceAccountId: accountOfArn(resource, context.accountId),
    conditions: new ConditionContext({
      'iam:PassedToService': service,
      'iam:AssociatedResourceArn': textMember(input, 'ResourceArn'),
    }),
  }));
}
