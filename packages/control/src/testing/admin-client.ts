import { createHash, createHmac } from 'node:crypto';
import type { TestWire } from '@holdfast/wire/testing';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AdminOperations } from '../admin/admin-service.ts';

export interface AdminAnswer<Name extends keyof AdminOperations> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The answer as the operation declares it; dates are still the numbers of the wire. */
  readonly body: AdminOperations[Name]['output'];
  /** The code of the error, when it is one. */
  readonly error: string | undefined;
}

class Sha256 {
  #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Sends signed requests to the service `holdfast` of a test's wire. */
export function adminClient(wire: TestWire) {
  const { region, credentials } = wire.clientConfig;
  const signer = new SignatureV4({ service: 'holdfast', region, credentials, sha256: Sha256 });
  return async <Name extends keyof AdminOperations>(
    method: string,
    target: string,
    content?: object,
  ): Promise<AdminAnswer<Name>> => {
    const url = new URL(target, wire.endpoint);
    const body = content === undefined ? undefined : JSON.stringify(content);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    });
    const request = { method, headers: signed.headers, ...(body === undefined ? {} : { body }) };
    return answerOf<Name>(await fetch(url, request));
  };
}

async function answerOf<Name extends keyof AdminOperations>(response: Response): Promise<AdminAnswer<Name>> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as AdminOperations[Name]['output'],
    error: response.headers.get('x-amzn-errortype') ?? undefined,
  };
}
