/**
 * Sessions of the console. The cookie names a long session that cannot sign anything by itself in the browser; the page
 * gets temporary credentials of a few minutes, again and again, as long as the long session and its subject live.
 * Both are sessions of the token service, so they survive a restart and are known to every server.
 */
import { timingSafeEqual } from 'node:crypto';
import { GLOBAL_SCOPE, nameKey, type SessionRecord } from '@holdfast/neighbours';
import { type IssuedSession, issueSession } from '@holdfast/neighbours/sign-in';
import type { ConsolePorts } from './console-ports.ts';
import type { SignedIn } from './sign-in.ts';

const DEFAULT_SESSION_MS = 12 * 3_600_000;
const CREDENTIALS_SECONDS = 900;

export interface ConsoleSession {
  readonly record: SessionRecord;
  /** Value of the cookie. */
  readonly ticket: string;
}

export class ConsoleSessions {
  readonly #ports: ConsolePorts;

  constructor(ports: ConsolePorts) {
    this.#ports = ports;
  }

  get sessionSeconds(): number {
    return Math.floor((this.#ports.sessionMs ?? DEFAULT_SESSION_MS) / 1000);
  }

  /** Begins a session; the answer is the cookie's value. */
  async begin({ accountId, subject }: SignedIn): Promise<string> {
    const now = this.#ports.clock.now();
    const issued = await issueSession(this.#ports, accountId, subject, now, this.sessionSeconds);
    return `${issued.accessKeyId}.${issued.sessionToken}`;
  }

  /** The session of a cookie; undefined when it is unknown or over, or when its user is gone. */
  async find(ticket: string | undefined): Promise<ConsoleSession | undefined> {
    const { sessions, box, clock } = this.#ports;
    const [accessKeyId = '', token = ''] = (ticket ?? '').split('.', 2);
    if (ticket === undefined || !/^ASIA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
    const record = await sessions.get(GLOBAL_SCOPE, accessKeyId);
    if (record === undefined || record.expiresAt <= clock.now()) return undefined;
    const expected = Buffer.from(box.openText(record.sealedToken, accessKeyId));
    const given = Buffer.from(token);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    return (await this.#isSubjectThere(record)) ? { record, ticket } : undefined;
  }

  /** Temporary credentials for the page; they end no later than the session. */
  async credentials({ record }: ConsoleSession): Promise<IssuedSession> {
    const now = this.#ports.clock.now();
    const seconds = Math.max(1, Math.min(CREDENTIALS_SECONDS, Math.floor((record.expiresAt - now) / 1000)));
    return await issueSession(this.#ports, record.accountId, record.subject, now, seconds);
  }

  /** Ends a session, and the page's credentials if it names those. */
  async end({ record }: ConsoleSession, credentialsId: string | undefined): Promise<void> {
    const { sessions } = this.#ports;
    await sessions.delete(GLOBAL_SCOPE, record.accessKeyId);
    if (credentialsId === undefined) return;
    const issued = await sessions.get(GLOBAL_SCOPE, credentialsId);
    const isOwn =
      issued?.accountId === record.accountId && JSON.stringify(issued.subject) === JSON.stringify(record.subject);
    if (isOwn) await sessions.delete(GLOBAL_SCOPE, credentialsId);
  }

  async #isSubjectThere({ accountId, subject }: SessionRecord): Promise<boolean> {
    const { identity } = this.#ports;
    if (subject.type === 'root') return (await identity.accounts.get(GLOBAL_SCOPE, accountId)) !== undefined;
    if (subject.type === 'user') {
      return (await identity.users.get(accountId, nameKey(subject.userName)))?.userId === subject.userId;
    }
    return (await identity.roles.get(accountId, nameKey(subject.roleName)))?.roleId === subject.roleId;
  }
}
