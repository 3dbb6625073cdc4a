import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyError } from './key-error.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface KeyFile {
  readonly holdfastKeyFile: 1;
  /** The identifier of the key that wraps. */
  readonly current: string;
  /** Base64 by identifier. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Context as authenticated bytes: sorted, so that the order of members does not matter. */
function contextBytes(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))), 'utf8');
}

function wrapUnder(key: Uint8Array, plain: Uint8Array, context: Readonly<Record<string, string>>): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(contextBytes(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unwrapUnder(key: Uint8Array, wrapped: Uint8Array, context: Readonly<Record<string, string>>): Buffer {
  if (wrapped.length < NONCE_BYTES + TAG_BYTES) throw new KeyError('tampered', 'a wrapped key is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE_BYTES));
  decipher.setAAD(contextBytes(context));
  decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new KeyError('tampered', 'a wrapped key does not verify: it was changed, or belongs to another vault', {
      cause: error,
    });
  }
}

async function writeKeyFile(path: string, content: KeyFile): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function parseKeyFile(path: string, text: string): KeyFile {
  let parsed: Partial<KeyFile>;
  try {
    parsed = JSON.parse(text) as Partial<KeyFile>;
  } catch (error) {
    throw new KeyError('invalid-key-file', `${path} is not a Holdfast key file`, { cause: error });
  }
  const { current, keys } = parsed;
  const lengthsFit = Object.values(keys ?? {}).every((key) => Buffer.from(key, 'base64').length === KEY_BYTES);
  if (parsed.holdfastKeyFile !== 1 || current === undefined || keys?.[current] === undefined || !lengthsFit) {
    throw new KeyError('invalid-key-file', `${path} is not a Holdfast key file, or is damaged`);
  }
  return { holdfastKeyFile: 1, current, keys };
}

/** Keys in a file that only its owner can read: the provider for a single machine, and for tests. */
export class KeyFileProvider implements KeyProvider {
  readonly #path: string;
  #content: KeyFile;

  private constructor(path: string, content: KeyFile) {
    this.#path = path;
    this.#content = content;
  }

  /**
   * Opens a key file, and makes one with a new key when it does not exist.
   * @throws KeyError `invalid-key-file` when it is damaged or others can read it
   */
  static async open(path: string): Promise<KeyFileProvider> {
    const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (facts === undefined) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const keyId = `key-file/${randomBytes(8).toString('hex')}`;
      const content: KeyFile = {
        holdfastKeyFile: 1,
        current: keyId,
        keys: { [keyId]: randomBytes(KEY_BYTES).toString('base64') },
      };
      await writeKeyFile(path, content);
      return new KeyFileProvider(path, content);
    }
    if ((facts.mode & 0o077) !== 0) {
      throw new KeyError('invalid-key-file', `${path} can be read by others; run: chmod 600 ${path}`);
    }
    return new KeyFileProvider(path, parseKeyFile(path, await readFile(path, 'utf8')));
  }

  get currentKeyId(): string {
    return this.#content.current;
  }

  /** Adds a new key that wraps from now on; older keys still unwrap until they are removed. */
  async rotate(): Promise<string> {
    const keyId = `key-file/${randomBytes(8).toString('hex')}`;
    const key = randomBytes(KEY_BYTES).toString('base64');
    await this.#replace({ holdfastKeyFile: 1, current: keyId, keys: { ...this.#content.keys, [keyId]: key } });
    return keyId;
  }

  /** Forgets a key for good: whatever only it can unwrap is unreadable from now on. */
  async remove(keyId: string): Promise<void> {
    if (keyId === this.#content.current)
      throw new KeyError('wrong-key', 'the current key cannot be removed; rotate first');
    const keys = Object.fromEntries(Object.entries(this.#content.keys).filter(([id]) => id !== keyId));
    await this.#replace({ ...this.#content, keys });
  }

  async #replace(content: KeyFile): Promise<void> {
    await writeKeyFile(this.#path, content);
    this.#content = content;
  }

  #key(keyId: string): Buffer {
    const key = this.#content.keys[keyId];
    if (key === undefined) throw new KeyError('wrong-key', `${this.#path} does not hold the key ${keyId}`);
    return Buffer.from(key, 'base64');
  }

  async wrap(plain: Uint8Array, context: Readonly<Record<string, string>>): Promise<WrappedKey> {
    const keyId = this.#content.current;
    return { keyId, wrapped: wrapUnder(this.#key(keyId), plain, context) };
  }

  async unwrap(wrapped: WrappedKey, context: Readonly<Record<string, string>>): Promise<Uint8Array> {
    return unwrapUnder(this.#key(wrapped.keyId), wrapped.wrapped, context);
  }
}
