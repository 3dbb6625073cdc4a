/** A key wrapped by a key provider, as it lies in the store. Nothing in it is secret. */
export interface WrappedKey {
  /** The provider's key that can unwrap it, for example a key ARN with its version. */
  readonly keyId: string;
  readonly wrapped: Uint8Array;
}

/**
 * Wraps and unwraps the data keys of vaults. The plain data key never leaves the engine's process, and the provider's
 * own key never enters it. `context` is authenticated: unwrapping with another context must fail.
 */
export interface KeyProvider {
  /** Wraps under the provider's current key. */
  wrap(plain: Uint8Array, context: Readonly<Record<string, string>>): Promise<WrappedKey>;
  /** @throws KeyError `wrong-key` when the key is not the provider's or was deleted, `tampered` when it does not verify */
  unwrap(wrapped: WrappedKey, context: Readonly<Record<string, string>>): Promise<Uint8Array>;
}
