import { contextBytes, type EncryptionContext } from './encryption-context.ts';
import { ExternalKeyError, type ExternalKeyProblem, type ExternalKeyStore } from './external-key-store.ts';

export interface TransitSettings {
  /** Name of this store in the configuration. */
  readonly id: string;
  /** For example `https://vault.example:8200`. */
  readonly address: string;
  /** Where the transit engine is mounted; `transit` by default. */
  readonly mount?: string | undefined;
  readonly namespace?: string | undefined;
  /** Read at every request, so that a renewed token is taken up. */
  readonly token: () => Promise<string>;
  /** Longest time for an answer, ms; 10 s by default. */
  readonly timeoutMs?: number | undefined;
  /** For tests; the global one by default. */
  readonly fetch?: typeof globalThis.fetch;
}

interface TransitAnswer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
}

/**
 * Keys in the transit engine of HashiCorp Vault or OpenBao. The encryption context goes in as associated data, which
 * needs a key type with authenticated encryption (`aes256-gcm96`, the default there, or `chacha20-poly1305`).
 */
export class TransitKeyStore implements ExternalKeyStore {
  readonly id: string;
  readonly #settings: TransitSettings;

  constructor(settings: TransitSettings) {
    this.id = settings.id;
    this.#settings = settings;
  }

  async check(externalKeyId: string): Promise<void> {
    const data = await this.#request('GET', 'keys', externalKeyId);
    if (data['supports_encryption'] === false) {
      throw new ExternalKeyError('refused', `The key ${externalKeyId} in the key store ${this.id} cannot encrypt.`);
    }
  }

  async wrap(externalKeyId: string, plain: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const data = await this.#request('POST', 'encrypt', externalKeyId, {
      plaintext: Buffer.from(plain).toString('base64'),
      associated_data: contextBytes(context).toString('base64'),
    });
    return Buffer.from(this.#text(data, 'ciphertext'));
  }

  async unwrap(externalKeyId: string, wrapped: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const data = await this.#request('POST', 'decrypt', externalKeyId, {
      ciphertext: Buffer.from(wrapped).toString(),
      associated_data: contextBytes(context).toString('base64'),
    });
    return Buffer.from(this.#text(data, 'plaintext'), 'base64');
  }

  async #request(
    method: 'GET' | 'POST',
    what: 'keys' | 'encrypt' | 'decrypt',
    externalKeyId: string,
    body?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const {
      address,
      mount = 'transit',
      namespace,
      token,
      timeoutMs = 10_000,
      fetch = globalThis.fetch,
    } = this.#settings;
    const url = new URL(`v1/${mount}/${what}/${encodeURIComponent(externalKeyId)}`, `${address.replace(/\/+$/, '')}/`);
    const headers: Record<string, string> = { 'x-vault-token': await token(), 'x-vault-request': 'true' };
    if (namespace !== undefined) headers['x-vault-namespace'] = namespace;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let answer: TransitAnswer;
    try {
      response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      answer = text === '' ? {} : (JSON.parse(text) as TransitAnswer);
    } catch (error) {
      throw new ExternalKeyError('unreachable', `The key store ${this.id} at ${url.origin} does not answer.`, {
        cause: error,
      });
    }
    if (response.ok && answer.data !== undefined) return answer.data;
    const said = answer.errors?.join('; ') ?? '';
    throw new ExternalKeyError(
      problemOf(response.status, said),
      `The key ${externalKeyId} in the key store ${this.id} cannot be used: status ${response.status}${said === '' ? '' : `, ${said}`}.`,
    );
  }

  #text(data: Readonly<Record<string, unknown>>, member: string): string {
    const value = data[member];
    if (typeof value === 'string') return value;
    throw new ExternalKeyError('unreachable', `The key store ${this.id} answered without ${member}.`);
  }
}

function problemOf(status: number, said: string): ExternalKeyProblem {
  if (status === 403 || status === 401) return 'denied';
  if (status === 404 || /not found/i.test(said)) return 'not-found';
  return status >= 400 && status < 500 && status !== 429 ? 'refused' : 'unreachable';
}
