/** The console's own few endpoints under `/console/`: signing in and out, and credentials for the page. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConsoleError, readJsonObject, sendConsoleError, sendJson, textOf } from './console-answer.ts';
import type { ConsolePorts } from './console-ports.ts';
import { type ConsoleSession, ConsoleSessions } from './console-sessions.ts';
import { identityArnOf } from './describe-subject.ts';
import { federationEndpoints } from './federation-endpoints.ts';
import { requireSameOrigin } from './same-origin.ts';
import { clearCookie, readCookie, setCookie } from './session-cookie.ts';
import { type SignedIn, SignIn } from './sign-in.ts';

/** Answers one request; undefined when the console has no such endpoint. */
export type Endpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The endpoints by method and path. */
export function consoleEndpoints(ports: ConsolePorts): ReadonlyMap<string, Endpoint> {
  const signIn = new SignIn(ports);
  const sessions = new ConsoleSessions(ports);

  const begin = async (request: IncomingMessage, response: ServerResponse, who: SignedIn): Promise<void> => {
    setCookie(request, response, await sessions.begin(who), sessions.sessionSeconds);
  };

  const current = async (request: IncomingMessage, response: ServerResponse): Promise<ConsoleSession> => {
    const session = await sessions.find(readCookie(request));
    if (session !== undefined) return session;
    if (readCookie(request) !== undefined) clearCookie(request, response);
    throw new ConsoleError(401, 'NotSignedIn', 'Nobody is signed in, or the session has expired.');
  };

  const endpoints: Record<string, Endpoint> = {
    'GET /console/configuration': async (_request, response) => {
      const { defaultAccountId, defaultRegion, regions, version, federation } = ports;
      const openId = federation === undefined ? null : { label: federation.label };
      sendJson(response, 200, { defaultAccountId, defaultRegion, regions, version, openId });
    },

    'POST /console/sign-in': async (request, response) => {
      const body = await readJsonObject(request);
      await begin(request, response, await identify(signIn, body, addressOf(request)));
      sendJson(response, 200, {});
    },

    'GET /console/session': async (request, response) => {
      const session = await current(request, response);
      sendJson(response, 200, await describeSession(ports, sessions, session));
    },

    'POST /console/sign-out': async (request, response) => {
      const body = await readJsonObject(request);
      const session = await sessions.find(readCookie(request));
      const credentialsId = typeof body['accessKeyId'] === 'string' ? body['accessKeyId'] : undefined;
      if (session !== undefined) await sessions.end(session, credentialsId);
      clearCookie(request, response);
      sendJson(response, 200, {});
    },
  };
  const guarded = Object.entries(endpoints).map(([route, endpoint]) => [route, guardedEndpoint(endpoint)] as const);
  return new Map([...guarded, ...federationEndpoints(ports, begin)]);
}

/** Only the console's own page may call these; what goes wrong becomes an answer with a code. */
function guardedEndpoint(endpoint: Endpoint): Endpoint {
  return async (request, response) => {
    try {
      requireSameOrigin(request);
      await endpoint(request, response);
    } catch (error) {
      if (!(error instanceof ConsoleError)) throw error;
      sendConsoleError(response, error);
    }
  };
}

async function identify(signIn: SignIn, body: Readonly<Record<string, unknown>>, address: string): Promise<SignedIn> {
  if (body['accessKeyId'] !== undefined) {
    return await signIn.withAccessKey(textOf(body, 'accessKeyId'), textOf(body, 'secretAccessKey'), address);
  }
  return await signIn.withPassword(
    {
      account: textOf(body, 'account'),
      userName: textOf(body, 'userName'),
      password: textOf(body, 'password'),
      newPassword: body['newPassword'] === undefined ? undefined : textOf(body, 'newPassword'),
    },
    address,
  );
}

async function describeSession(ports: ConsolePorts, sessions: ConsoleSessions, session: ConsoleSession) {
  const { record } = session;
  const account = await ports.identity.accounts.get('-', record.accountId);
  return {
    credentials: await sessions.credentials(session),
    sessionExpiresAt: record.expiresAt,
    accountId: record.accountId,
    accountName: account?.alias ?? account?.name ?? record.accountId,
    arn: await identityArnOf(ports.identity, record),
    defaultRegion: ports.defaultRegion,
    regions: ports.regions,
    version: ports.version,
  };
}

function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
