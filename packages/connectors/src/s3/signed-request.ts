/**
 * Requests signed here (AWS Signature Version 4): those that are sent for each object, since the SDK spends about four
 * times as much processor time on a request as this does, and those that the SDK does not know.
 */
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Agent as HttpAgent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { S3RequestError } from './errors.ts';

const EMPTY_HASH = createHash('sha256').digest('hex');
const MOST_ERROR_BYTES = 64 * 1024;
const IDLE_MS = 60_000;
const GOOD: readonly number[] = [200, 204, 206];

/** Where the objects of a bucket are, as the SDK resolved it. */
export interface BucketAddress {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number | undefined;
  /** `/bucket` in path style, else empty; without a slash at its end. */
  readonly basePath: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface ObjectRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Absent: the bucket itself. */
  readonly key?: string;
  readonly versionId?: string;
  /** Parameters of the query, such as the subresource `acl` with an empty value. */
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent, in as many pieces as it happens to be in. */
  readonly body?: readonly Uint8Array[];
  readonly range?: { readonly offset: number; readonly length: number };
  /** The version must still have this ETag. */
  readonly ifMatch?: string;
}

export interface ObjectAnswer {
  readonly headers: IncomingHttpHeaders;
  /** The body in the pieces in which it came: putting large ones together costs more than all else. */
  readonly parts: readonly Buffer[];
}

export function bodyOf({ parts }: ObjectAnswer): Buffer {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

export interface SigningContext {
  readonly region: string;
  readonly credentials: Credentials;
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** Current time in ms. */
  now(): number;
}

/** @throws S3RequestError; the signal's reason when aborted */
export function signedRequest(
  context: SigningContext,
  address: BucketAddress,
  request: ObjectRequest,
  signal: AbortSignal,
): Promise<ObjectAnswer> {
  const path = `${address.basePath}${request.key === undefined ? '' : `/${encodeKey(request.key)}`}` || '/';
  const query = queryOf(request);
  const { method, body } = request;
  const isSecure = address.protocol === 'https:';
  const { bodyHash, proof } = proofOf(body, isSecure);
  const given = { ...request.headers, ...proof };
  const headers = signedHeaders(context, address, { method, path, query, bodyHash, headers: given });
  if (body !== undefined) headers['content-length'] = String(body.reduce((sum, part) => sum + part.byteLength, 0));
  if (request.range !== undefined) {
    headers['range'] = `bytes=${request.range.offset}-${request.range.offset + request.range.length - 1}`;
  }
  if (request.ifMatch !== undefined) headers['if-match'] = request.ifMatch;
  const options = {
    method,
    hostname: address.hostname,
    port: address.port,
    path: query === '' ? path : `${path}?${query}`,
    agent: isSecure ? context.agents.https : context.agents.http,
    headers,
    timeout: IDLE_MS,
  };
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? httpsRequest : httpRequest)(options, (answer) => {
      collect(answer, method === 'HEAD').then(resolve, fail);
    });
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : asNetworkError(error));
    const abort = (): void => {
      outgoing.destroy(new Error('aborted'));
    };
    outgoing.once('timeout', () => {
      outgoing.destroy(new S3RequestError('TimeoutError', `no answer for ${IDLE_MS / 1000} s`, {}));
    });
    outgoing.once('error', fail);
    outgoing.once('close', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    for (const part of body ?? []) outgoing.write(part);
    outgoing.end();
  });
}

/**
 * What lets the store see that the body came as it was sent. Where nobody can change it on its way, the digest that some
 * stores ask for is enough; else it belongs to what is signed.
 */
function proofOf(body: readonly Uint8Array[] | undefined, isSecure: boolean): { bodyHash: string; proof: object } {
  if (body === undefined) return { bodyHash: EMPTY_HASH, proof: {} };
  const hash = createHash(isSecure ? 'md5' : 'sha256');
  for (const part of body) hash.update(part);
  if (!isSecure) return { bodyHash: hash.digest('hex'), proof: {} };
  return { bodyHash: 'UNSIGNED-PAYLOAD', proof: { 'content-md5': hash.digest('base64') } };
}

async function collect(answer: IncomingMessage, isHead: boolean): Promise<ObjectAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const isGood = GOOD.includes(answer.statusCode ?? 0);
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (!isGood && bytes > MOST_ERROR_BYTES) break;
  }
  if (!isGood) throw refusal(answer, Buffer.concat(parts).toString('utf8'));
  const announced = answer.headers['content-length'];
  if (!isHead && announced !== undefined && Number(announced) !== bytes) {
    throw new S3RequestError('ECONNRESET', `the answer ended after ${bytes} of ${announced} bytes`, {});
  }
  return { headers: answer.headers, parts };
}

function refusal(answer: IncomingMessage, text: string): S3RequestError {
  const status = answer.statusCode ?? 0;
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? String(status);
  const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? answer.statusMessage ?? '';
  const retryAfterSeconds = Number(answer.headers['retry-after']);
  return new S3RequestError(code, message, {
    status,
    ...(retryAfterSeconds > 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
  });
}

function asNetworkError(error: unknown): unknown {
  if (error instanceof S3RequestError || !(error instanceof Error)) return error;
  const { code } = error as { code?: string };
  return new S3RequestError(code ?? error.name, error.message, { cause: error });
}

interface ToSign {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly bodyHash: string;
  readonly headers: Readonly<Record<string, string>>;
}

function signedHeaders(
  { region, credentials, now }: SigningContext,
  address: BucketAddress,
  { method, path, query, bodyHash, headers }: ToSign,
): Record<string, string> {
  const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const host = address.port === undefined ? address.hostname : `${address.hostname}:${address.port}`;
  const signed: Record<string, string> = { ...headers, host, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time };
  if (credentials.sessionToken !== undefined) signed['x-amz-security-token'] = credentials.sessionToken;
  const sorted = Object.keys(signed).sort();
  const names = sorted.join(';');
  const lines = sorted.map((name) => `${name}:${trimmed(signed[name] ?? '')}\n`);
  // A header is bytes, one in each character.
  const canonical = [method, path, query, lines.join(''), names, bodyHash].join('\n');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical, 'latin1').digest('hex')].join(
    '\n',
  );
  const key = signingKeyOf(credentials.secretAccessKey, day, region);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...signed, authorization };
}

/** As it is signed: without spaces at the ends, and with one where there are several. */
function trimmed(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

/** The last one, since it holds for a day and for all requests of a source; making it costs four times what a signature does. */
let lastKey: { readonly secret: string; readonly scope: string; readonly key: KeyObject } | undefined;

function signingKeyOf(secret: string, day: string, region: string): KeyObject {
  const scope = `${day}/${region}`;
  if (lastKey?.secret !== secret || lastKey.scope !== scope) {
    const step = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const bytes = step(step(step(step(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
    lastKey = { secret, scope, key: createSecretKey(bytes) };
  }
  return lastKey.key;
}

function queryOf({ query = {}, versionId }: ObjectRequest): string {
  const parts = Object.entries(query).map(([name, value]) => `${encodeName(name)}=${encodeName(value)}`);
  if (versionId !== undefined) parts.push(`versionId=${encodeName(versionId)}`);
  return parts.sort().join('&');
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeName).join('/');
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
