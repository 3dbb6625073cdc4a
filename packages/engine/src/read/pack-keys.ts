import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { dataKeySerialOfPack, packIdText } from '../pack/pack-id.ts';

const LIMIT = 4096;

/** Pack keys by birth pack, derived on first use. */
export class PackKeys {
  readonly #dataKeys: ReadonlyMap<number, Uint8Array>;
  readonly #derived = new Map<string, Uint8Array>();

  constructor(dataKeys: ReadonlyMap<number, Uint8Array>) {
    this.#dataKeys = dataKeys;
  }

  /** @throws EngineError `damaged` when the data key is gone: what it sealed is unreadable */
  of(birthPackId: Uint8Array): Uint8Array {
    const id = packIdText(birthPackId);
    const known = this.#derived.get(id);
    if (known !== undefined) return known;
    const serial = dataKeySerialOfPack(birthPackId);
    const dataKey = this.#dataKeys.get(serial);
    if (dataKey === undefined) {
      throw new EngineError('damaged', `pack ${id} was sealed under data key ${serial}, which cannot be unwrapped`);
    }
    const key = derivedKeys.pack(dataKey, birthPackId);
    if (this.#derived.size >= LIMIT) this.#derived.clear();
    this.#derived.set(id, key);
    return key;
  }
}
