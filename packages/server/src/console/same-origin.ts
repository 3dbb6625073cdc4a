/** Refuses requests that another site's page made the browser send. */
import type { IncomingMessage } from 'node:http';
import { ConsoleError } from './console-answer.ts';

/** Other origins cannot send this header without a preflight, which is never granted. */
const HEADER = 'x-holdfast-console';

/** @throws ConsoleError 403 */
export function requireSameOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isForeign =
    request.headers[HEADER] !== '1' ||
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && hostOf(origin) !== host);
  if (isForeign) throw new ConsoleError(403, 'ForeignRequest', 'This request did not come from the console.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
