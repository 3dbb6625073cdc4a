/** The session of this page, in memory alone: nothing of it is ever written to the browser's storage. */
import { userNameOf } from '../api/resource-names.ts';
import { chooseRole, chosenRole, forgetRole } from './role-choice.ts';
import { type ConsoleSession, SessionError, sessionApi, type TemporaryCredentials } from './session-api.ts';

/** Who the pages act as: whoever is signed in, or a role that they have switched to. */
export interface ActingSession extends ConsoleSession {
  /** The role's own ARN, while there is one. */
  readonly roleArn?: string;
  /** Who is signed in. */
  readonly signedInAs: string;
  /** Why a role that was acted with can be used no more. */
  readonly lostRole?: string;
}

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out'; readonly because?: 'expired' | 'signed-out' | 'unreachable' }
  | { readonly kind: 'signed-in'; readonly session: ActingSession };

/** Credentials are replaced this long before they end. */
const RENEW_BEFORE_MS = 3 * 60_000;

class SessionStore {
  #state: SessionState = { kind: 'loading' };
  #base: ConsoleSession | undefined;
  #loading: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** Asks the server who is signed in; many callers share one request. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const wasSignedIn = this.#state.kind === 'signed-in';
    try {
      const base = await sessionApi.session();
      this.#base = base;
      this.#set({ kind: 'signed-in', session: await actingSession(base) });
    } catch (error) {
      if (error instanceof SessionError && error.code === 'Unreachable') {
        // The server may come back; who was signed in still is.
        if (!wasSignedIn) this.#set({ kind: 'signed-out', because: 'unreachable' });
        return;
      }
      this.#set(wasSignedIn ? { kind: 'signed-out', because: 'expired' } : { kind: 'signed-out' });
    }
  }

  /** Credentials that are good for a while. @throws Error when nobody is signed in */
  async credentials(): Promise<TemporaryCredentials> {
    if (!this.#isFresh()) await this.load();
    const state = this.#state;
    if (state.kind !== 'signed-in') throw new Error('Nobody is signed in.');
    return state.session.credentials;
  }

  /** Acts with a role from now on, in its account. @throws Error when the token service refuses */
  async switchRole(roleArn: string): Promise<void> {
    if (this.#base === undefined) throw new Error('Nobody is signed in.');
    const session = await withRole(this.#base, roleArn);
    chooseRole(roleArn);
    this.#set({ kind: 'signed-in', session });
  }

  /** Acts as whoever is signed in again. */
  async switchBack(): Promise<void> {
    forgetRole();
    await this.load();
  }

  async signOut(): Promise<void> {
    await sessionApi.signOut(this.#base?.credentials.accessKeyId);
    forgetRole();
    this.#set({ kind: 'signed-out', because: 'signed-out' });
  }

  #isFresh(): boolean {
    const state = this.#state;
    if (state.kind !== 'signed-in') return false;
    const { credentials, sessionExpiresAt } = state.session;
    // The last credentials of a session end with it; asking early would not give longer ones.
    const renewAt =
      credentials.expiresAt >= sessionExpiresAt ? credentials.expiresAt : credentials.expiresAt - RENEW_BEFORE_MS;
    return Date.now() < renewAt;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A role that can no longer be assumed is given up: the pages then show the account of whoever is signed in. */
async function actingSession(base: ConsoleSession): Promise<ActingSession> {
  const roleArn = chosenRole();
  if (roleArn === undefined) return { ...base, signedInAs: base.arn };
  try {
    return await withRole(base, roleArn);
  } catch (error) {
    forgetRole();
    return { ...base, signedInAs: base.arn, lostRole: error instanceof Error ? error.message : String(error) };
  }
}

async function withRole(base: ConsoleSession, roleArn: string): Promise<ActingSession> {
  const { assumeRole } = await import('./assume-role.ts');
  const role = await assumeRole(base.credentials, roleArn, userNameOf(base.arn), base.defaultRegion);
  const { accountId, arn, credentials } = role;
  const accountName = accountId === base.accountId ? base.accountName : accountId;
  return { ...base, accountId, accountName, arn, credentials, roleArn, signedInAs: base.arn };
}

export const sessionStore = new SessionStore();
