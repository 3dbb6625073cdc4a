import { parseArn } from '../arn.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { TagTarget } from './tag-target.ts';

/**
 * The ARN under which the tags of a resource are kept.
 * @throws ServiceError InvalidParameterValueException for text that is no ARN, ResourceNotFoundException
 */
export async function findTagTarget(targets: readonly TagTarget[], scope: Scope, arn: string): Promise<string> {
  if (parseArn(arn) === undefined) {
    throw invalidParameter(`ResourceArn must be an ARN, not "${arn}".`, 'ResourceArn');
  }
  for (const target of targets) {
    const found = await target.find(scope, arn);
    if (found !== undefined) return found;
  }
  throw resourceNotFound(
    `There is nothing with the ARN ${arn} in account ${scope.accountId} and region ${scope.region}.`,
    arn,
  );
}
