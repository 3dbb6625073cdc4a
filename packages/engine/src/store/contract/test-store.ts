import { describe, test } from 'node:test';
import type { Store } from '../store.ts';
import { storeCases } from './store-cases.ts';
import { caseContext } from './validate-store.ts';

/** What a contract run needs: a store, and the clock that the store looks at. */
export interface StoreUnderTest {
  readonly store: Store;
  now(): number;
  waitUntil(at: number): Promise<void>;
}

/**
 * Registers the contract suite for a store with `node:test`. `open` is called once per case; the store is closed after
 * it. Cases that do not apply are skipped with the reason that the store's properties give.
 */
export function testStore(
  name: string,
  open: (t: { after(fn: () => void | Promise<void>): void }) => Promise<StoreUnderTest>,
): void {
  describe(`${name} keeps the contract of a store:`, () => {
    for (const [index, storeCase] of storeCases.entries()) {
      test(storeCase.name, async (t) => {
        const { store, ...clock } = await open(t);
        try {
          const reason = storeCase.skip?.(store.properties);
          // What a store does not claim is not a skipped test: the claim itself is what the suite checks.
          if (reason !== undefined) return t.diagnostic(`not applicable: ${reason}`);
          await storeCase.run(caseContext(store, `contract/${index}/`, clock));
        } finally {
          await store[Symbol.asyncDispose]();
        }
      });
    }
  });
}
