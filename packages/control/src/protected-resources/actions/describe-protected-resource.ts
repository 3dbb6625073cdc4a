import type { BackupHandler } from '../../action.ts';
import { parseArn } from '../../arn.ts';
import { invalidParameter, resourceNotFound } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import type { ControlPorts } from '../../ports.ts';
import { presentProtectedResource } from '../present-protected-resource.ts';

/** DescribeProtectedResource (API-150 to API-153); the "latest restore" members only once it was restored. */
export function describeProtectedResource(ports: ControlPorts): BackupHandler<'DescribeProtectedResource'> {
  return async (input, context) => {
    if (parseArn(input.ResourceArn) === undefined) {
      throw invalidParameter(`ResourceArn must be an ARN, not "${input.ResourceArn}".`, 'ResourceArn');
    }
    const resource = await ports.stores.protectedResources.get(context, input.ResourceArn);
    if (resource === undefined) {
      throw resourceNotFound(`Resource ${input.ResourceArn} has never been backed up successfully.`, input.ResourceArn);
    }
    return {
      ...presentProtectedResource(resource),
      LatestRestoreExecutionTimeMinutes: resource.latestRestoreExecutionMinutes,
      LatestRestoreJobCreationDate: optionalDate(resource.latestRestoreJobCreatedAt),
      LatestRestoreRecoveryPointCreationDate: optionalDate(resource.latestRestoreRecoveryPointCreatedAt),
    };
  };
}
