/** The server's own endpoints for the console: who is signed in, and credentials for this page. */

export interface ConsoleConfiguration {
  readonly defaultAccountId: string;
  readonly defaultRegion: string;
  readonly regions: readonly string[];
  readonly version: string;
  readonly openId: { readonly label: string } | null;
}

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface ConsoleSession {
  readonly credentials: TemporaryCredentials;
  /** When everything must be signed in anew, ms since the epoch. */
  readonly sessionExpiresAt: number;
  readonly accountId: string;
  readonly accountName: string;
  readonly arn: string;
  readonly defaultRegion: string;
  readonly regions: readonly string[];
  readonly version: string;
}

export type SignInRequest =
  | { readonly account: string; readonly userName: string; readonly password: string; readonly newPassword?: string }
  | { readonly accessKeyId: string; readonly secretAccessKey: string };

/** A refusal with a code that the texts know. */
export class SessionError extends Error {
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { 'x-holdfast-console': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new SessionError('Unreachable', error instanceof Error ? error.message : String(error));
  }
  const answer = (await response.json().catch(() => ({}))) as {
    code?: string;
    message?: string;
    retryAfterSeconds?: number;
  };
  if (response.ok) return answer as T;
  throw new SessionError(answer.code ?? `Http${response.status}`, answer.message ?? '', answer.retryAfterSeconds);
}

export const sessionApi = {
  configuration: () => call<ConsoleConfiguration>('GET', '/console/configuration'),
  session: () => call<ConsoleSession>('GET', '/console/session'),
  signIn: (request: SignInRequest) => call<object>('POST', '/console/sign-in', request),
  signOut: (accessKeyId: string | undefined) => call<object>('POST', '/console/sign-out', { accessKeyId }),
};
