import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ownSymbols } from './own-symbols.ts';

/** Compresses and decompresses whole chunks between buffers of the caller. */
export interface Zstd {
  /** @returns how many bytes of `target` are used; undefined when they do not suffice */
  compress(target: Uint8Array, plain: Uint8Array, level: number): number | undefined;
  /** @returns how many bytes of `target` are used; undefined when `packed` is broken, or holds more than fits */
  decompress(target: Uint8Array, packed: Uint8Array): number | undefined;
}

/** By Node's wrappers. */
export const nodeZstd: Zstd = {
  compress(target, plain, level) {
    const packed = zstdCompressSync(plain, {
      params: { [constants.ZSTD_c_compressionLevel]: level },
      chunkSize: Math.min(262_144, plain.length + 1024),
      pledgedSrcSize: plain.length,
    });
    if (packed.length > target.length) return undefined;
    target.set(packed);
    return packed.length;
  },
  decompress(target, packed) {
    try {
      const plain = zstdDecompressSync(packed, {
        chunkSize: Math.min(262_144, Math.max(1024, target.length)),
        maxOutputLength: Math.max(target.length, 1),
      });
      if (plain.length > target.length) return undefined;
      target.set(plain);
      return plain.length;
    } catch {
      // Bytes that do not decompress are damage, which the caller names.
      return undefined;
    }
  },
};

/** By the library itself, with one context per thread; undefined where Node does not export it. */
export function directZstd(): Zstd | undefined {
  const zstd = ownSymbols({
    createCCtx: 'void *ZSTD_createCCtx()',
    createDCtx: 'void *ZSTD_createDCtx()',
    compress:
      'size_t ZSTD_compressCCtx(void *context, void *to, size_t room, const void *from, size_t size, int level)',
    decompress: 'size_t ZSTD_decompressDCtx(void *context, void *to, size_t room, const void *from, size_t size)',
  });
  if (zstd === undefined) return undefined;
  const compressor = zstd.createCCtx();
  const decompressor = zstd.createDCtx();
  if (compressor === null || decompressor === null) return undefined;
  // Errors are the largest numbers of size_t, and come as bigint.
  const fitting = (count: unknown, room: number) => (typeof count === 'number' && count <= room ? count : undefined);
  return {
    compress: (target, plain, level) =>
      fitting(zstd.compress(compressor, target, target.length, plain, plain.length, level), target.length),
    decompress: (target, packed) =>
      fitting(zstd.decompress(decompressor, target, target.length, packed, packed.length), target.length),
  };
}

/** The faster way that this process has. */
export const zstd: Zstd = directZstd() ?? nodeZstd;
