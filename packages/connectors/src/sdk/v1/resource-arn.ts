import { createHash } from 'node:crypto';
import { ConnectorError } from './connector-error.ts';

/** The parts of an ARN: `arn:<partition>:<service>:<region>:<account>:<resource>`. */
export interface ResourceArn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon, for example `file-system/fs-0123456789abcdef0` or `db:orders`. */
  readonly resource: string;
}

/** The ARN in the form that AWS gives to resources of the service. */
export function formatResourceArn(arn: Omit<ResourceArn, 'partition'> & { readonly partition?: string }): string {
  return `arn:${arn.partition ?? 'aws'}:${arn.service}:${arn.region}:${arn.accountId}:${arn.resource}`;
}

/** @throws ConnectorError `invalid-request` for what is not an ARN */
export function parseResourceArn(text: string): ResourceArn {
  const [arn, partition, service, region, accountId, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (arn !== 'arn' || !partition || !service || region === undefined || accountId === undefined || resource === '') {
    throw new ConnectorError('invalid-request', `'${text}' is not an ARN.`, {
      hint: 'An ARN looks like arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0123456789abcdef0.',
    });
  }
  return { partition, service, region, accountId, resource };
}

/**
 * An identifier in AWS's form (prefix and 17 hexadecimal digits) that the same parts always give again, so that a
 * resource keeps its ARN when the state of its connector is lost.
 */
export function derivedResourceId(prefix: string, parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part};`);
  return `${prefix}${hash.digest('hex').slice(0, 17)}`;
}
