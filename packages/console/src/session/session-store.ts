/** The session of this page, in memory alone: nothing of it is ever written to the browser's storage. */
import { type ConsoleSession, SessionError, sessionApi, type TemporaryCredentials } from './session-api.ts';

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out'; readonly because?: 'expired' | 'signed-out' | 'unreachable' }
  | { readonly kind: 'signed-in'; readonly session: ConsoleSession };

/** Credentials are replaced this long before they end. */
const RENEW_BEFORE_MS = 3 * 60_000;

class SessionStore {
  #state: SessionState = { kind: 'loading' };
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
      this.#set({ kind: 'signed-in', session: await sessionApi.session() });
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

  async signOut(): Promise<void> {
    const state = this.#state;
    await sessionApi.signOut(state.kind === 'signed-in' ? state.session.credentials.accessKeyId : undefined);
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

export const sessionStore = new SessionStore();
