/** Calls Holdfast's own operations (sources, resources, browsing): signed like any AWS request, service `holdfast`. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';

/** Node's SHA-256 in the form that the signer wants. */
class Sha256 {
  #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path segments; each is percent-encoded as one, whatever it holds. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request and returns the response with a body still to read.
 * @throws CommandError with the server's message when the answer is an error or the server cannot be reached
 */
export async function adminFetch(connection: Connection, request: AdminRequest): Promise<Response> {
  const url = new URL(connection.endpoint);
  url.pathname = `/${request.path.map(encodeSegment).join('/')}`;
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query[name] = value;
  url.search = new URLSearchParams(query).toString().replaceAll('+', '%20');
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const signer = new SignatureV4({
    service: 'holdfast',
    region: connection.region,
    credentials: connection,
    sha256: Sha256,
  });
  const signed = await signer.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port) || undefined,
    path: url.pathname,
    query,
    headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body,
  });
  let response: Response;
  try {
    response = await fetch(url, {
      method: request.method,
      headers: signed.headers,
      ...(body === undefined ? {} : { body }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } catch (error) {
    throw unreachable(connection.endpoint, error);
  }
  if (!response.ok) throw new CommandError(await errorMessage(response));
  return response;
}

/** Like {@link adminFetch}, with the answer read as JSON; an operation with nothing to tell answers with no bytes. */
export async function adminCall<T>(connection: Connection, request: AdminRequest): Promise<T> {
  const response = await adminFetch(connection, request);
  const text = await response.text();
  return JSON.parse(text === '' ? '{}' : text) as T;
}

/** Follows `NextToken` until the list ends. */
export async function* adminPages<T>(connection: Connection, request: AdminRequest, member: string): AsyncGenerator<T> {
  let nextToken: string | undefined;
  do {
    const query = { ...request.query, nextToken };
    const page = await adminCall<Record<string, unknown>>(connection, { ...request, query });
    yield* (page[member] ?? []) as T[];
    nextToken = page['NextToken'] as string | undefined;
  } while (nextToken !== undefined && nextToken !== null);
}

/** What to tell when no server answers. */
export function unreachable(endpoint: string, cause: unknown): CommandError {
  return new CommandError(`no answer from ${endpoint}. Is the server running? Start it with: npm start`, { cause });
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function errorMessage(response: Response): Promise<string> {
  const text = await response.text();
  const code = response.headers.get('x-amzn-errortype') ?? `HTTP ${response.status}`;
  try {
    const body = JSON.parse(text) as { message?: string; Message?: string };
    return `${code}: ${body.message ?? body.Message ?? text}`;
  } catch {
    return `${code}: ${text.slice(0, 300)}`;
  }
}
