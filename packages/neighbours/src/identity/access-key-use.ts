import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { IdentityStore } from './identity-store.ts';

/** How much of the time of the last use is lost: one write per key and this span, instead of one per request. */
const GRAIN_MS = 15 * 60_000;

/** Notes when, where and for what access keys were last used (GetAccessKeyLastUsed). */
export class AccessKeyUse {
  readonly #store: IdentityStore;
  readonly #notedAt = new Map<string, number>();

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  /** `now` in ms since the epoch. Temporary keys are not noted. */
  async note(accessKeyId: string, now: number, region: string, service: string): Promise<void> {
    const notedAt = this.#notedAt.get(accessKeyId);
    if (notedAt !== undefined && now - notedAt < GRAIN_MS) return;
    this.#notedAt.set(accessKeyId, now);
    await this.#store.transaction(async () => {
      const key = await this.#store.accessKeys.get(GLOBAL_SCOPE, accessKeyId);
      if (key === undefined) return;
      await this.#store.accessKeys.put(GLOBAL_SCOPE, accessKeyId, { ...key, lastUsed: { at: now, region, service } });
    });
  }
}
