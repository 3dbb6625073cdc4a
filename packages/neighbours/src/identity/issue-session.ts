import { everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { newEntityId, newSecretAccessKey, type RandomBytes } from './entity-id.ts';
import type { SessionStore, SessionSubject } from './session-store.ts';

export interface IssuedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface SessionIssuerPorts {
  readonly sessions: SessionStore;
  readonly box: SecretBox;
  readonly random: RandomBytes;
}

/** Makes temporary credentials and keeps them until they expire. `now` in ms since the epoch. */
export async function issueSession(
  ports: SessionIssuerPorts,
  accountId: string,
  subject: SessionSubject,
  now: number,
  durationSeconds: number,
): Promise<IssuedSession> {
  const accessKeyId = newEntityId('temporaryAccessKey', ports.random);
  const secretAccessKey = newSecretAccessKey(ports.random);
  const sessionToken = Buffer.from(ports.random(96)).toString('base64');
  const expiresAt = now + durationSeconds * 1000;
  await ports.sessions.put(GLOBAL_SCOPE, accessKeyId, {
    accessKeyId,
    accountId,
    sealedSecret: ports.box.sealText(secretAccessKey, accessKeyId),
    sealedToken: ports.box.sealText(sessionToken, accessKeyId),
    issuedAt: now,
    expiresAt,
    subject,
  });
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
}

/** An expired session is kept this long, so that its user is told "expired" and not "unknown". */
const KEPT_AFTER_EXPIRY_MS = 24 * 3_600_000;

/** Removes sessions that expired more than a day ago; the server calls it now and then. Returns how many. */
export async function removeExpiredSessions(sessions: SessionStore, now: number): Promise<number> {
  const expired: string[] = [];
  for await (const session of everyRecord(sessions, GLOBAL_SCOPE)) {
    if (session.expiresAt + KEPT_AFTER_EXPIRY_MS <= now) expired.push(session.accessKeyId);
  }
  for (const accessKeyId of expired) await sessions.delete(GLOBAL_SCOPE, accessKeyId);
  return expired.length;
}
