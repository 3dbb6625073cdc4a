/** Parts of an ARN; `resource` is everything after the fifth colon. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** Reads an ARN, or undefined for text that is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([0-9]{12}|aws)?:(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = match;
  return { partition, service, region, accountId, resource };
}

/** `arn:aws:backup:<region>:<account>:<kind>:<id>`: the form of what this service names itself. */
export function backupArn(scope: { region: string; accountId: string }, kind: string, id: string): string {
  return `arn:aws:backup:${scope.region}:${scope.accountId}:${kind}:${id}`;
}

/** The vault that an ARN names; `:vault:` is understood as an alias of `:backup-vault:` (API2-23). */
export function parseVaultArn(text: string): { accountId: string; region: string; name: string } | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'backup') return undefined;
  const match = /^(?:backup-)?vault:(.+)$/s.exec(arn.resource);
  return match === null ? undefined : { accountId: arn.accountId, region: arn.region, name: match[1] ?? '' };
}
