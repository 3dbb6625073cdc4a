/**
 * Stands in front of the API's listener: what a browser asks for itself (pages, their files, the session endpoints) is
 * answered here, everything that is signed goes on to the API. A signed request is never mistaken for a page.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ConsoleError, sendConsoleError } from './console-answer.ts';
import { consoleEndpoints, type Endpoint } from './console-endpoints.ts';
import type { ConsolePorts } from './console-ports.ts';
import { sendConsoleMissing } from './missing-console-page.ts';
import { setDataHeaders, setPageHeaders } from './security-headers.ts';
import { StaticFiles } from './static-files.ts';

/** @param api the listener of the API */
export function createConsoleRequestListener(ports: ConsolePorts, api: RequestListener): RequestListener {
  const endpoints = consoleEndpoints(ports);
  const files = new StaticFiles(ports.distDirectory);
  return (request, response) => {
    const path = pathOf(request);
    if (isSigned(request) || !isForConsole(request, path)) {
      setDataHeaders(response);
      api(request, response);
      return;
    }
    setPageHeaders(response);
    answer(ports, endpoints, files, request, response, path).catch((error: unknown) => {
      ports.log.warn(
        { path, reason: error instanceof Error ? error.stack : String(error) },
        'the console failed to answer',
      );
      if (response.headersSent) response.destroy();
      else
        sendConsoleError(
          response,
          new ConsoleError(500, 'InternalFailure', 'The server could not answer. See its log.'),
        );
    });
  };
}

async function answer(
  ports: ConsolePorts,
  endpoints: ReadonlyMap<string, Endpoint>,
  files: StaticFiles,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const endpoint = endpoints.get(`${request.method} ${path}`);
  if (endpoint !== undefined) return await endpoint(request, response);
  if (path.startsWith('/console/')) {
    return sendConsoleError(response, new ConsoleError(404, 'NotFound', 'The console has no such endpoint.'));
  }
  if (await files.send(request, response, path)) return;
  if (isNavigation(request)) {
    if (await files.send(request, response, '/index.html')) return;
    return sendConsoleMissing(response, ports.buildState?.() ?? { kind: 'failed', reason: 'It was not built.' });
  }
  sendConsoleError(response, new ConsoleError(404, 'NotFound', 'There is no such file.'));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function isSigned(request: IncomingMessage): boolean {
  return request.headers.authorization !== undefined || /[?&]X-Amz-(Signature|Algorithm)=/i.test(request.url ?? '');
}

function isForConsole(request: IncomingMessage, path: string): boolean {
  if (path.startsWith('/console/')) return true;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return path.startsWith('/assets/') || path === '/favicon.svg' || isNavigation(request);
}

/** A person who opens an address, not a program: deep links into the console lead to its page. */
function isNavigation(request: IncomingMessage): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const mode = request.headers['sec-fetch-mode'];
  const wantsPage = String(request.headers.accept ?? '').includes('text/html');
  return wantsPage && (mode === undefined || mode === 'navigate');
}
