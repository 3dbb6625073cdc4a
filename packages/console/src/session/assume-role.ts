/** Temporary credentials of a role, from the token service, with the credentials of whoever is signed in. */
import { signedPost } from '../api/signed-post.ts';
import type { TemporaryCredentials } from './session-api.ts';

export interface AssumedRole {
  readonly roleArn: string;
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string;
  readonly credentials: TemporaryCredentials;
}

/** What the token service refused, under its own code. */
class AssumeRoleError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

const VERSION = '2011-06-15';

/** @param userName becomes the name of the session, so that the audit trail tells who acts with the role */
export async function assumeRole(
  credentials: TemporaryCredentials,
  roleArn: string,
  userName: string,
  region: string,
): Promise<AssumedRole> {
  const RoleSessionName = userName
    .replace(/[^\w+=,.@-]/g, '-')
    .padEnd(2, '-')
    .slice(0, 64);
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: VERSION,
    RoleArn: roleArn,
    RoleSessionName,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const response = await signedPost({ service: 'sts', region, credentials, headers, body });
  const text = await response.text();
  const answer = new DOMParser().parseFromString(text, 'text/xml');
  const read = (name: string): string => answer.getElementsByTagName(name)[0]?.textContent ?? '';
  if (read('AccessKeyId') === '')
    throw new AssumeRoleError(read('Code') || 'Failed', read('Message') || text.slice(0, 300));
  return {
    roleArn,
    accountId: roleArn.split(':')[4] ?? '',
    arn: read('Arn'),
    credentials: {
      accessKeyId: read('AccessKeyId'),
      secretAccessKey: read('SecretAccessKey'),
      sessionToken: read('SessionToken'),
      expiresAt: Date.parse(read('Expiration')),
    },
  };
}
