import type { Store, StoreProperties } from '../store.ts';
import type { StoreCaseContext } from './store-case.ts';
import { storeCases } from './store-cases.ts';

export interface StoreCaseResult {
  readonly name: string;
  readonly outcome: 'kept' | 'broken' | 'not-applicable';
  /** What went wrong, or why the case does not apply. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** What `holdfast validate-store` prints. */
export interface StoreReport {
  readonly properties: StoreProperties;
  readonly results: readonly StoreCaseResult[];
  /** True when no obligation is broken. */
  readonly ok: boolean;
  /** Keys that could not be removed afterwards, for example because they are still locked. */
  readonly leftBehind: readonly string[];
}

export interface ValidateStoreOptions {
  /** Everything is put under this prefix and removed afterwards; it must be unused, for example `validate/<random>`. */
  readonly prefix: string;
  readonly now: () => number;
  readonly waitUntil: (at: number) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onResult?: (result: StoreCaseResult) => void;
}

/** Tries every obligation of the store interface on a real store, so that a user can test a provider before trusting it. */
export async function validateStore(store: Store, options: ValidateStoreOptions): Promise<StoreReport> {
  const results: StoreCaseResult[] = [];
  for (const [index, storeCase] of storeCases.entries()) {
    options.signal?.throwIfAborted();
    const startedAt = options.now();
    const verdict = await runCase(store, storeCase, options, index);
    const result = { name: storeCase.name, ...verdict, durationMs: options.now() - startedAt };
    results.push(result);
    options.onResult?.(result);
  }
  const leftBehind = await removeAll(store, `${options.prefix}/`, options.signal);
  return {
    properties: store.properties,
    results,
    ok: results.every((result) => result.outcome !== 'broken'),
    leftBehind,
  };
}

async function runCase(
  store: Store,
  storeCase: (typeof storeCases)[number],
  options: ValidateStoreOptions,
  index: number,
): Promise<Pick<StoreCaseResult, 'outcome' | 'reason'>> {
  const reason = storeCase.skip?.(store.properties);
  if (reason !== undefined) return { outcome: 'not-applicable', reason };
  try {
    await storeCase.run(caseContext(store, `${options.prefix}/${index}/`, options));
    return { outcome: 'kept' };
  } catch (error) {
    return { outcome: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The context of one case, with its own part of the key space. */
export function caseContext(
  store: Store,
  prefix: string,
  clock: Pick<StoreCaseContext, 'now' | 'waitUntil'>,
): StoreCaseContext {
  return {
    store,
    prefix,
    key: (name) => `${prefix}${name}`,
    now: () => clock.now(),
    waitUntil: (at) => clock.waitUntil(at),
  };
}

async function removeAll(store: Store, prefix: string, signal: AbortSignal | undefined): Promise<string[]> {
  const leftBehind: string[] = [];
  const request = signal === undefined ? {} : { signal };
  for await (const { key } of store.list(prefix, request)) {
    await store.delete(key, request).catch(() => leftBehind.push(key));
  }
  return leftBehind;
}
