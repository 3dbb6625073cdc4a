import { invalidParameter } from '../errors.ts';
import type { RolePort } from '../ports.ts';

/**
 * Checks the role of a request: the ARN of a role that exists and that the service may assume.
 * @throws ServiceError InvalidParameterValueException
 */
export async function checkRole(roles: RolePort, accountId: string, roleArn: string): Promise<void> {
  if (!/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+$/.test(roleArn)) {
    throw invalidParameter(`IamRoleArn must be the ARN of a role, not "${roleArn}".`, 'IamRoleArn');
  }
  const check = await roles.assume(accountId, roleArn);
  if (check.ok) return;
  throw invalidParameter(`IAM Role ${roleArn} cannot be assumed by AWS Backup: ${check.reason}`, 'IamRoleArn');
}
