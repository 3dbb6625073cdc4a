/** What is left of an ARN when everything is known but the resource: `file-system/fs-1`, `snapshot/x`. */
export function shortArn(arn: string | undefined): string {
  if (arn === undefined) return '-';
  const parts = arn.split(':');
  return parts.length < 6 ? arn : parts.slice(5).join(':');
}

/** The name of a role without the way to it. */
export function roleName(arn: string | undefined): string {
  return arn === undefined ? '-' : arn.slice(arn.lastIndexOf('/') + 1);
}

export function defaultRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/service-role/AWSBackupDefaultServiceRole`;
}

/** The name of a user, or of a role that somebody acts with. */
export function userNameOf(arn: string): string {
  const [, , , , , resource = ''] = arn.split(':');
  const [kind, ...names] = resource.split('/');
  if (kind === 'root') return 'root';
  return (kind === 'assumed-role' ? names[0] : names.at(-1)) ?? arn;
}
