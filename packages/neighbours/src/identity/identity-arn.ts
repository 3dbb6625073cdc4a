import { parseArn } from '../policy/arn.ts';

export type IdentityKind = 'user' | 'group' | 'role' | 'policy';

/** ARN of a user, group, role or policy; `path` begins and ends with a slash. */
export function identityArn(kind: IdentityKind, accountId: string, path: string, name: string): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`;
}

/** ARN of the root of an account. */
export function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/** ARN of a session of an assumed role. It does not carry the role's path. */
export function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}

export interface IdentityName {
  readonly kind: string;
  /** `aws` for policies that come with the installation. */
  readonly accountId: string;
  readonly path: string;
  readonly name: string;
}

/** Takes an identity's ARN apart; undefined for anything else. */
export function parseIdentityArn(text: string): IdentityName | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'iam' || arn.region !== '') return undefined;
  const match = /^([a-z]+)(\/(?:[^/]+\/)*)([^/]+)$/.exec(arn.resource);
  if (match === null) return undefined;
  return { kind: match[1] ?? '', accountId: arn.accountId, path: match[2] ?? '/', name: match[3] ?? '' };
}
