import type { ChunkParameters } from './chunk-parameters.ts';

/**
 * The definition of the cut points, word for word as docs/format/chunking.md has it and far too slow to use: the
 * WebAssembly chunker is tested against it.
 * @returns length of the chunk at the beginning of `bytes`, which reach to the end of the stream
 */
export function defineCut(bytes: Uint8Array, table: BigUint64Array, parameters: ChunkParameters): number {
  const bits = Math.log2(parameters.avg);
  let hash = 0n;
  for (let n = 1; n <= bytes.length; n += 1) {
    if (n > parameters.min - 64) hash = ((hash << 1n) + (table[bytes[n - 1] ?? 0] ?? 0n)) & 0xffff_ffff_ffff_ffffn;
    const zeroBits = n < parameters.avg ? bits + 1 : bits - 1;
    if (n >= parameters.min && hash >> BigInt(64 - zeroBits) === 0n) return n;
    if (n === parameters.max) return n;
  }
  return bytes.length;
}
