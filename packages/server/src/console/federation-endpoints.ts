/** The way to an identity provider and back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nameKey } from '@holdfast/neighbours';
import type { Endpoint } from './console-endpoints.ts';
import type { ConsolePorts } from './console-ports.ts';
import { OPEN_ID_CALLBACK, type PendingFederation } from './open-id-connect.ts';
import { clearCookie, readCookie, setCookie } from './session-cookie.ts';
import type { SignedIn } from './sign-in.ts';

const PENDING = 'holdfast-federation';
const PENDING_SECONDS = 600;

type Begin = (request: IncomingMessage, response: ServerResponse, who: SignedIn) => Promise<void>;

/** Both are navigations of the browser, so they answer with redirects; a failure leads to the sign-in page, which explains it. */
export function federationEndpoints(ports: ConsolePorts, begin: Begin): readonly (readonly [string, Endpoint])[] {
  const { federation, identity, log } = ports;
  if (federation === undefined) return [];

  const start: Endpoint = async (request, response) => {
    try {
      const { url, pending } = await federation.begin();
      const text = JSON.stringify(pending);
      setCookie(request, response, text, PENDING_SECONDS, { name: PENDING, sameSite: 'Lax' });
      redirect(response, url.href);
    } catch (error) {
      log.warn({ reason: String(error) }, 'the identity provider cannot be reached');
      redirect(response, '/sign-in?failure=ProviderUnreachable');
    }
  };

  const callback: Endpoint = async (request, response) => {
    const pending = readPending(request);
    clearCookie(request, response, PENDING);
    try {
      if (pending === undefined) throw new Error('no sign-in was begun in this browser');
      const query = new URL(request.url ?? '', 'http://localhost').search;
      const userName = await federation.finish(query, pending);
      const user = await identity.users.get(federation.accountId, nameKey(userName));
      if (user === undefined) throw new Error(`account ${federation.accountId} has no user "${userName}"`);
      await begin(request, response, {
        accountId: user.accountId,
        subject: { type: 'user', userName: user.userName, userId: user.userId, isSignedIn: true },
      });
      redirect(response, '/');
    } catch (error) {
      log.warn({ reason: String(error) }, 'a sign-in with the identity provider failed');
      redirect(response, '/sign-in?failure=ProviderRefused');
    }
  };

  return [
    ['GET /console/open-id/start', start],
    [`GET ${OPEN_ID_CALLBACK}`, callback],
  ];
}

function readPending(request: IncomingMessage): PendingFederation | undefined {
  const text = readCookie(request, PENDING);
  if (text === undefined) return undefined;
  const value = JSON.parse(text) as Partial<PendingFederation>;
  const { state, nonce, verifier } = value;
  return state && nonce && verifier ? { state, nonce, verifier } : undefined;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' });
  response.end();
}
