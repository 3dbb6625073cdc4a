import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { RolePort } from '../ports.ts';
import type { RightsGroup } from './role-rights.ts';

/**
 * What every job asks when it runs: can its role still be assumed, and has it the rights that the job needs?
 * @throws JobFailure ACCESS_DENIED
 */
export async function requireJobRole(
  roles: Pick<RolePort, 'assume' | 'mayUse'>,
  { accountId, iamRoleArn }: { readonly accountId: string; readonly iamRoleArn: string },
  groups: readonly RightsGroup[],
): Promise<void> {
  const role = await roles.assume(accountId, iamRoleArn);
  if (!role.ok) {
    throw new JobFailure('ACCESS_DENIED', `IAM Role ${iamRoleArn} cannot be assumed by AWS Backup: ${role.reason}`);
  }
  for (const { refusal, rights } of groups) {
    const may = await roles.mayUse(accountId, iamRoleArn, rights);
    if (!may.ok) throw new JobFailure('ACCESS_DENIED', `${refusal} ${may.reason}`);
  }
}
