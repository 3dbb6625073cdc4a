/** What can go wrong at a store, as far as callers act differently on it. */
export type StoreErrorCode =
  /** There is no such object. */
  | 'not-found'
  /** The key is taken; objects are never overwritten. */
  | 'already-exists'
  /** The store asks to be called less often. Worth a retry after `retryAfterMs`. */
  | 'throttled'
  /** Full, or a quota is reached. Retrying without making space does not help. */
  | 'no-space'
  /** A retention lock or hold stands. */
  | 'locked'
  /** Not reachable, or failed by itself. Worth a retry. */
  | 'unavailable'
  /** Bytes are not what they must be: wrong checksum, too short, unreadable sector. */
  | 'corrupt'
  /** The object lies in a tier that must be warmed before it can be read. */
  | 'cold'
  /** Credentials or file permissions do not allow it. */
  | 'denied'
  /** This store has no such ability, or the argument is beyond its limits. */
  | 'unsupported';

/** The only error type that stores throw, besides the reason of an aborted signal. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The key concerned, or undefined when the store as a whole is. */
  readonly key: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: StoreErrorCode,
    message: string,
    details: { readonly key?: string; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.key = details.key;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** True when the same call may succeed later without anybody doing anything. */
  get isTransient(): boolean {
    return this.code === 'throttled' || this.code === 'unavailable';
  }
}

/** True for a StoreError with one of the given codes. */
export function isStoreError(error: unknown, ...codes: readonly StoreErrorCode[]): error is StoreError {
  return error instanceof StoreError && (codes.length === 0 || codes.includes(error.code));
}
