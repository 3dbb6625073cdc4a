/** Pairs that are bound to a ciphertext: decrypting needs the same. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** The same bytes for the same pairs, in whatever order they came. */
export function contextBytes(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Buffer.from(JSON.stringify(pairs));
}
