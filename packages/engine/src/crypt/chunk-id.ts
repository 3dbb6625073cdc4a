import { Blake3Hasher, blake3 } from '@napi-rs/blake-hash';

/** Bytes of a chunk ID outside pack trailers. */
export const CHUNK_ID_BYTES = 24;
export const FULL_CHUNK_ID_BYTES = 32;

/** The kinds of docs/format/packs.md. */
export const CHUNK_KINDS = { data: 1, itemNode: 2, mapNode: 3, issues: 4 } as const;
export type ChunkKind = (typeof CHUNK_KINDS)[keyof typeof CHUNK_KINDS];

const PREFIXES: Readonly<Record<number, Uint8Array>> = Object.fromEntries(
  Object.values(CHUNK_KINDS).map((kind) => [kind, Uint8Array.of(kind)]),
);

/** Computes chunk IDs under one ID domain's key. */
export class ChunkIdHasher {
  readonly #hasher: Blake3Hasher;

  constructor(chunkIdKey: Uint8Array) {
    this.#hasher = Blake3Hasher.newKeyed(Buffer.from(chunkIdKey));
  }

  /** All 32 bytes. */
  full(kind: ChunkKind, plain: Uint8Array): Buffer {
    this.#hasher.reset();
    this.#hasher.update(PREFIXES[kind] ?? Uint8Array.of(kind));
    return this.#hasher.update(plain).digestBuffer();
  }
}

/** Unkeyed BLAKE3, 32 bytes. */
export function blake3Of(bytes: Uint8Array): Buffer {
  return blake3(bytes);
}
