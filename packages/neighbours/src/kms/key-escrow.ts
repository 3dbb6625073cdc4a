import type { KeyRecord } from './key-records.ts';

/**
 * A second home for keys outside the catalog, because the catalog can be rebuilt from the stores of the vaults, but
 * only with the keys. The material in a record is sealed with the master key, so the copies are no secret by
 * themselves: master key and escrow together open the vaults.
 */
export interface KeyEscrow {
  /** Durable when it returns. */
  put(key: KeyRecord): Promise<void>;
  /** Removes the key for good; nothing happens when it is not there. */
  remove(key: KeyRecord): Promise<void>;
  keys(): AsyncIterable<KeyRecord>;
  /** The copy of one key; undefined when there is none. */
  get(key: KeyIdentity): Promise<KeyRecord | undefined>;
}

export type KeyIdentity = Pick<KeyRecord, 'accountId' | 'region' | 'keyId'>;

/** For tests and for installations whose keys are all external. */
export const NO_ESCROW: KeyEscrow = {
  put: async () => undefined,
  remove: async () => undefined,
  async *keys() {},
  get: async () => undefined,
};
