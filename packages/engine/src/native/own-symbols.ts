import koffi from 'koffi';

/** Functions that this process exports, by their C prototypes, in the order in which they were asked for. */
export type NativeFunction = (...args: readonly unknown[]) => unknown;

/**
 * Looks up functions that Node itself is linked with and exports: OpenSSL and zstd. Node's own wrappers make a context
 * and a buffer per call, which for chunks costs more than the work; called directly, both are reused.
 * @returns undefined when one is not to be had (another platform, another build): the caller then uses Node's wrappers
 */
export function ownSymbols<Name extends string>(
  prototypes: Readonly<Record<Name, string>>,
): Readonly<Record<Name, NativeFunction>> | undefined {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return undefined;
  try {
    const library = koffi.load(null);
    const found: Partial<Record<Name, NativeFunction>> = {};
    for (const name of Object.keys(prototypes) as Name[]) found[name] = library.func(prototypes[name]);
    return found as Record<Name, NativeFunction>;
  } catch {
    // A missing symbol is no failure: it says which way is open here.
    return undefined;
  }
}
