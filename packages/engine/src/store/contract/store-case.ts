import { checksumOf } from '../checksum.ts';
import type { ListedObject, PutOptions, RequestOptions, Store, StoreProperties } from '../store.ts';
import { StoreError, type StoreErrorCode } from '../store-error.ts';

/** One obligation of `Store`, checked against a real store. Cases share nothing but the store. */
export interface StoreCase {
  /** A sentence about what the store does. */
  readonly name: string;
  /** Why the case does not apply to a store with these properties; undefined when it does. */
  skip?(properties: StoreProperties): string | undefined;
  /** @throws anything when the obligation is not kept */
  run(context: StoreCaseContext): Promise<void>;
}

export interface StoreCaseContext {
  readonly store: Store;
  /** A key that nobody else uses; listed under `prefix`. */
  key(name: string): string;
  readonly prefix: string;
  now(): number;
  /** Resolves when `now()` has reached the time; a fake clock simply moves there. */
  waitUntil(at: number): Promise<void>;
}

/** A failed expectation of a case. */
export class StoreCaseFailure extends Error {
  override readonly name = 'StoreCaseFailure';
}

export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new StoreCaseFailure(otherwise);
}

export function expectBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  expect(Buffer.compare(actual, expected) === 0, `${what}: the bytes that came back are not those that were put`);
}

/** Runs a call that must fail with the given code. */
export async function expectStoreError(
  code: StoreErrorCode,
  what: string,
  call: () => Promise<unknown>,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (error instanceof StoreError && error.code === code) return;
    throw new StoreCaseFailure(`${what}: expected the store error "${code}", got ${String(error)}`, { cause: error });
  }
  throw new StoreCaseFailure(`${what}: expected the store error "${code}", but the call succeeded`);
}

/** Bytes that do not compress and depend only on their arguments. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 0x9e3779b9) >>> 0 || 1;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** Puts with a right checksum. */
export function putBytes(
  store: Store,
  key: string,
  bytes: Uint8Array,
  options: Omit<PutOptions, 'checksum'> = {},
): Promise<void> {
  return store.put(key, [bytes], { ...options, checksum: checksumOf([bytes]) });
}

/** Everything that the store lists below a prefix. */
export async function listAll(store: Store, prefix: string, options: RequestOptions = {}): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of store.list(prefix, options)) listed.push(object);
  return listed;
}
