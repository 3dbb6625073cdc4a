/** Answers of the console's own endpoints, and the errors that they can be. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A refusal that the console shows in its user's language, by its code. */
export class ConsoleError extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(statusCode: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function sendJson(response: ServerResponse, statusCode: number, body: object): void {
  response.statusCode = statusCode;
  response.setHeader('content-type', 'application/json');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
}

export function sendConsoleError(response: ServerResponse, error: ConsoleError): void {
  if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
  sendJson(response, error.statusCode, {
    code: error.code,
    message: error.message,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  });
}

const MOST_BODY_BYTES = 16 * 1024;

/** @throws ConsoleError when the body is too long or is no JSON object */
export async function readJsonObject(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new ConsoleError(413, 'TooLarge', 'The request is too large.');
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  } catch {
    throw new ConsoleError(400, 'InvalidRequest', 'The request is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConsoleError(400, 'InvalidRequest', 'The request is not a JSON object.');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A member that must be a text of at most 1,024 characters. @throws ConsoleError */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '' && value.length <= 1024) return value;
  throw new ConsoleError(400, 'InvalidRequest', `"${name}" is missing.`);
}
