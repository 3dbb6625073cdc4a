/** The cookie that keeps somebody signed in: out of reach of scripts, and never sent along from other sites. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const SESSION = 'holdfast-session';
const PATH = '/console';

/** True when the browser's side of the connection is TLS, here or at a proxy in front. */
export function isSecure(request: IncomingMessage): boolean {
  return 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
}

export function readCookie(request: IncomingMessage, name: string = SESSION): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return decodeURIComponent(value);
  }
  return undefined;
}

interface CookieOptions {
  readonly name?: string;
  /** `Lax` alone survives the way back from an identity provider. */
  readonly sameSite?: 'Strict' | 'Lax';
}

export function setCookie(
  request: IncomingMessage,
  response: ServerResponse,
  value: string,
  maxAgeSeconds: number,
  { name = SESSION, sameSite = 'Strict' }: CookieOptions = {},
): void {
  const parts = [
    `${name}=${encodeURIComponent(value)}`,
    `Path=${PATH}`,
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
  ];
  if (isSecure(request)) parts.push('Secure');
  response.appendHeader('set-cookie', parts.join('; '));
}

export function clearCookie(request: IncomingMessage, response: ServerResponse, name: string = SESSION): void {
  setCookie(request, response, '', 0, { name });
}
