/** Signing keys: an HMAC chain over date, region and service, the same for all requests of a day. */
import { createHmac } from 'node:crypto';
import type { Authorization } from './authorization.ts';

const MAX_KEYS = 1000;

/** Derives signing keys and remembers the latest ones. */
export class SigningKeys {
  readonly #keys = new Map<string, { readonly secret: string; readonly key: Buffer }>();

  keyFor(secret: string, { accessKeyId, scopeDate, region, service }: Authorization): Buffer {
    const id = `${accessKeyId}/${scopeDate}/${region}/${service}`;
    const known = this.#keys.get(id);
    if (known?.secret === secret) return known.key;
    const key = [scopeDate, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`));
    const oldest = this.#keys.keys().next();
    if (this.#keys.size >= MAX_KEYS && oldest.done !== true) this.#keys.delete(oldest.value);
    this.#keys.set(id, { secret, key });
    return key;
  }
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
