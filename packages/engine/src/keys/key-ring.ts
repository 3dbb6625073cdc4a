import { decodeJsonObject, encodeJsonObject } from '../codec/json-object.ts';
import { EngineError } from '../engine-error.ts';
import { checksumOf } from '../store/checksum.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { KeyError } from './key-error.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';

/** Serial of the ID-domain key; data keys count from 1. */
const ID_DOMAIN_SERIAL = 0;
const FIRST_DATA_SERIAL = 1;
const KEY_BYTES = 32;
const MAX_AGE_MS = 90 * 86_400_000;
const ATTEMPTS = 5;

interface KeyObject {
  readonly serial: number;
  readonly generation: number;
  readonly createdAt: number;
  readonly wrapped: WrappedKey;
}

interface OpenKey {
  readonly key: Uint8Array;
  readonly createdAt: number;
}

export interface KeyRingOptions {
  readonly store: Store;
  readonly keyProvider: KeyProvider;
  readonly vaultId: string;
  readonly clock: () => number;
  readonly random: (count: number) => Uint8Array;
}

function keyName(serial: number, generation: number): string {
  return `keys/${serial.toString(16).padStart(8, '0')}.${generation.toString(16).padStart(4, '0')}`;
}

/** The vault's data keys and ID-domain key, unwrapped on first use and kept in memory (docs/format/keys.md). */
export class KeyRing {
  readonly #options: KeyRingOptions;
  /** Newest generation of each serial first. */
  #objects = new Map<number, readonly KeyObject[]>();
  readonly #open = new Map<number, Promise<OpenKey>>();
  /** Rotations of one ring follow each other. */
  #rotation: Promise<unknown> = Promise.resolve();

  private constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Writes the first keys of a new vault: nobody else knows it yet, so nothing has to be listed, now or by its first writer. */
  static async create(options: KeyRingOptions, idDomainKey: Uint8Array): Promise<KeyRing> {
    const ring = new KeyRing(options);
    if (idDomainKey.length !== KEY_BYTES) {
      throw new EngineError('invalid-argument', `an ID-domain key has ${KEY_BYTES} bytes, not ${idDomainKey.length}`);
    }
    await ring.#write(ID_DOMAIN_SERIAL, 1, idDomainKey, options.clock());
    await ring.#write(FIRST_DATA_SERIAL, 1, options.random(KEY_BYTES), options.clock());
    return ring;
  }

  /** Lists the wrapped keys; nothing is unwrapped yet. */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    await ring.#load();
    return ring;
  }

  /** Sees all keys or, while somebody rotates them, looks again: nobody may find half of them. */
  async #load(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const objects = new Map<number, readonly KeyObject[]>();
      try {
        for await (const { key: name } of this.#options.store.list('keys/')) addTo(objects, await this.#read(name));
        this.#objects = objects;
        return;
      } catch (error) {
        // Listed, and rotated away before it was read.
        if (!isStoreError(error, 'not-found') || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  async #read(name: string): Promise<KeyObject> {
    const value = decodeJsonObject('key', await this.#options.store.get(name), name);
    const object: KeyObject = {
      serial: Number(value['serial']),
      generation: Number(value['generation']),
      createdAt: Number(value['createdAt']),
      wrapped: { keyId: String(value['keyId']), wrapped: Buffer.from(String(value['wrapped']), 'base64') },
    };
    if (keyName(object.serial, object.generation) !== name) {
      throw new EngineError('damaged', `${name} holds the key of another name`);
    }
    return object;
  }

  #context(serial: number): Record<string, string> {
    return { vaultId: this.#options.vaultId, serial: String(serial) };
  }

  async #write(serial: number, generation: number, plain: Uint8Array, createdAt: number): Promise<void> {
    const { keyId, wrapped } = await this.#options.keyProvider.wrap(plain, this.#context(serial));
    const encoded = encodeJsonObject('key', {
      serial,
      generation,
      createdAt,
      keyId,
      wrapped: Buffer.from(wrapped).toString('base64'),
    });
    await this.#options.store.put(keyName(serial, generation), [encoded], { checksum: checksumOf([encoded]) });
    addTo(this.#objects, { serial, generation, createdAt, wrapped: { keyId, wrapped } });
  }

  #openKey(serial: number): Promise<OpenKey> {
    const known = this.#open.get(serial);
    if (known !== undefined) return known;
    const opening = this.#unwrap(serial);
    this.#open.set(serial, opening);
    opening.catch(() => this.#open.delete(serial));
    return opening;
  }

  async #unwrap(serial: number): Promise<OpenKey> {
    const generations = this.#objects.get(serial);
    if (generations === undefined) {
      throw new KeyError('wrong-key', `vault ${this.#options.vaultId} holds no key with the serial ${serial}`);
    }
    let failure: unknown;
    for (const { wrapped, createdAt } of generations) {
      try {
        return { key: await this.#options.keyProvider.unwrap(wrapped, this.#context(serial)), createdAt };
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  async idDomainKey(): Promise<Uint8Array> {
    return (await this.#openKey(ID_DOMAIN_SERIAL)).key;
  }

  /** @throws KeyError when the key is gone or does not unwrap */
  async dataKey(serial: number): Promise<Uint8Array> {
    if (!this.#objects.has(serial) && serial !== ID_DOMAIN_SERIAL) await this.#load();
    return (await this.#openKey(serial)).key;
  }

  /** Every data key that unwraps; what was sealed under the others is reported as damaged where it is needed. */
  async dataKeys(): Promise<ReadonlyMap<number, Uint8Array>> {
    const keys = new Map<number, Uint8Array>();
    for (const serial of this.#objects.keys()) {
      if (serial === ID_DOMAIN_SERIAL) continue;
      const key = await this.dataKey(serial).catch((error: unknown) => {
        if (error instanceof KeyError) return undefined;
        throw error;
      });
      if (key !== undefined) keys.set(serial, key);
    }
    return keys;
  }

  /** The data key for new packs (F-13). */
  async writeKey(): Promise<{ readonly serial: number; readonly key: Uint8Array }> {
    const newest = Math.max(ID_DOMAIN_SERIAL, ...this.#objects.keys());
    if (newest !== ID_DOMAIN_SERIAL) {
      const { key, createdAt } = await this.#openKey(newest);
      if (this.#options.clock() - createdAt < MAX_AGE_MS) return { serial: newest, key };
    }
    return this.#addDataKey(newest + 1);
  }

  async #addDataKey(serial: number): Promise<{ readonly serial: number; readonly key: Uint8Array }> {
    try {
      await this.#write(serial, 1, this.#options.random(KEY_BYTES), this.#options.clock());
    } catch (error) {
      if (!isStoreError(error, 'already-exists')) throw error;
    }
    await this.#load();
    const generations = this.#objects.get(serial) ?? [];
    if (generations.length > 1 && generations.at(-1)?.generation === 1) {
      // Somebody else added this serial and rotated it since, which made its first name free again: theirs counts.
      await this.#options.store.delete(keyName(serial, 1));
      this.#objects.set(serial, generations.slice(0, -1));
    }
    return { serial, key: (await this.#openKey(serial)).key };
  }

  /**
   * Wraps every key again under the provider's current key and deletes the older generations (F-11). A crash in the
   * middle leaves both generations, and the next call finishes.
   * @throws StoreError `already-exists` when another process rotates at the same moment; repeating is safe
   */
  rotate(): Promise<{ readonly rewrapped: number }> {
    const rotation = this.#rotation.then(() => this.#rotate());
    this.#rotation = rotation.catch(() => undefined);
    return rotation;
  }

  async #rotate(): Promise<{ readonly rewrapped: number }> {
    await this.#load();
    let rewrapped = 0;
    for (const [serial, generations] of [...this.#objects]) {
      const { key, createdAt } = await this.#openKey(serial);
      await this.#write(serial, (generations[0]?.generation ?? 0) + 1, key, createdAt);
      for (const { generation } of generations) await this.#options.store.delete(keyName(serial, generation));
      this.#objects.set(serial, (this.#objects.get(serial) ?? []).slice(0, 1));
      rewrapped += 1;
    }
    return { rewrapped };
  }
}

function addTo(objects: Map<number, readonly KeyObject[]>, object: KeyObject): void {
  const generations = [...(objects.get(object.serial) ?? []), object];
  objects.set(
    object.serial,
    generations.sort((a, b) => b.generation - a.generation),
  );
}
