/** What a server needs to sign people in: passwords, access keys, and the sessions that follow. */
export { newSecretAccessKey } from './identity/entity-id.ts';
export { parseIdentityArn } from './identity/identity-arn.ts';
export { type IssuedSession, issueSession, type SessionIssuerPorts } from './identity/issue-session.ts';
export type { SessionSubject } from './identity/session-store.ts';
export { hashPassword, isPassword } from './secrets/password-hash.ts';
