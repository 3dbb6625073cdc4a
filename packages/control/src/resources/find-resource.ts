import { parseArn } from '../arn.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import type { ResourceRecord } from './resource-store.ts';
import { resourceTypeOfArn } from './resource-types.ts';

/**
 * The discovered resource with that ARN.
 * @throws ServiceError InvalidParameterValueException for text that is no ARN or a type without connector,
 * ResourceNotFoundException for what no source shows
 */
export async function findResource(ports: ControlPorts, scope: Scope, arn: string): Promise<ResourceRecord> {
  if (parseArn(arn) === undefined) throw invalidParameter(`ResourceArn must be an ARN, not "${arn}".`, 'ResourceArn');
  const resource = await ports.stores.resources.get(scope, arn);
  if (resource !== undefined && resource.status !== 'vanished') return resource;
  const type = resourceTypeOfArn(arn);
  if (resource === undefined && !ports.connectors.resourceTypes().some((supported) => supported === type)) {
    throw invalidParameter(`Unsupported resource type: ${arn}. No installed connector can back it up.`, 'ResourceArn');
  }
  throw resourceNotFound(
    resource === undefined
      ? `There is no resource ${arn}. Add its source, or wait for the next discovery.`
      : `Resource ${arn} has vanished from source "${resource.sourceName}".`,
    arn,
  );
}
