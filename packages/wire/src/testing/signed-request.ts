/** Requests signed by the signer of the official SDK, for tests that need more freedom than an SDK client gives. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { TEST_ACCESS_KEY_ID, TEST_SECRET } from './test-wire.ts';

export interface RequestToSign {
  readonly endpoint: string;
  readonly method?: string;
  /** Percent-encoded path. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service?: string;
  readonly region?: string;
  /** ms since epoch; the present by default. */
  readonly signedAt?: number;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** Node's SHA-256 in the form that the signer wants. */
class Sha256 {
  readonly #hash;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('A hash is used once');
  }
}

function bytesOf(data: Bytes): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function signerOf({ service = 'backup', region = 'us-east-1', credentials }: RequestToSign): SignatureV4 {
  const known = credentials ?? { accessKeyId: TEST_ACCESS_KEY_ID, secretAccessKey: TEST_SECRET };
  return new SignatureV4({ service, region, credentials: known, sha256: Sha256, applyChecksum: false });
}

function unsigned(request: RequestToSign) {
  const url = new URL(request.endpoint);
  return {
    method: request.method ?? 'GET',
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: request.path ?? '/',
    query: { ...request.query },
    headers: { host: url.host, ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

/** A request signed in its headers, ready for `fetch`. */
export async function signedRequest(request: RequestToSign): Promise<Request> {
  const signed = await signerOf(request).sign(unsigned(request), {
    signingDate: new Date(request.signedAt ?? Date.now()),
  });
  return toRequest(request, signed);
}

/** A request signed in its query string. */
export async function presignedRequest(request: RequestToSign, expiresIn = 60): Promise<Request> {
  const signingDate = new Date(request.signedAt ?? Date.now());
  return toRequest(request, await signerOf(request).presign(unsigned(request), { signingDate, expiresIn }));
}

interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function toRequest({ endpoint, body }: RequestToSign, { method, path, query = {}, headers }: Signed): Request {
  const parameters = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const { host: _host, ...rest } = headers;
  const url = `${endpoint}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
  return new Request(url, { method, headers: rest, ...(body === undefined ? {} : { body }) });
}
