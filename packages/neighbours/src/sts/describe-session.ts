import type { Credentials } from '@aws-sdk/client-sts';
import type { IssuedSession } from '../identity/issue-session.ts';

/** Temporary credentials as the API shows them, once. */
export function describeSession(session: IssuedSession): Credentials {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: new Date(session.expiresAt),
  };
}
