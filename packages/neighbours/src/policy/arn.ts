/** The six parts of an ARN; the resource part may itself contain colons. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** Splits an ARN, or returns undefined for a text that is none. */
export function parseArn(text: string): Arn | undefined {
  const [scheme, partition, service, region, accountId, ...resource] = text.split(':');
  if (scheme !== 'arn' || partition === undefined || service === undefined || region === undefined) return undefined;
  if (accountId === undefined || resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(':') };
}

/** The account of an ARN, or the given one where the ARN names none (as those of buckets and snapshots do). */
export function accountOfArn(text: string, otherwise: string): string {
  const accountId = parseArn(text)?.accountId;
  return accountId === undefined || !/^\d{12}$/.test(accountId) ? otherwise : accountId;
}
