import type { PackId } from '../authority/authority.ts';
import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { type ChunkRef, readChunkRef, writeChunkRef } from '../content/chunk-ref.ts';
import { type Extent, readExtent, writeExtent } from '../content/stored-content.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES, packIdBytes, packIdText } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';

/** Node types of docs/format/trees.md, "Extent map". */
export const MAP_LEAF = 0;
export const MAP_INNER = 1;
export const MAP_DELTA = 2;

/** What a subtree needs of one pack. */
export interface SubtreeUse {
  readonly packId: PackId;
  readonly kind: PackKind;
  readonly usedBytes: number;
}

export interface MapChild {
  readonly ref: ChunkRef;
  readonly logicalBytes: number;
}

export type MapNode =
  | { readonly type: 'leaf'; readonly uses: readonly SubtreeUse[]; readonly extents: readonly Extent[] }
  | {
      readonly type: 'delta';
      readonly uses: readonly SubtreeUse[];
      readonly base: ChunkRef;
      /** By block within the leaf, ascending; a block without chunk is a hole. */
      readonly overrides: readonly BlockOverride[];
    }
  | { readonly type: 'inner'; readonly uses: readonly SubtreeUse[]; readonly children: readonly MapChild[] };

/** A block of a delta leaf that is not as in the base. */
export interface BlockOverride {
  readonly block: number;
  readonly chunk?: ChunkRef;
}

/** Adds up uses by pack, and numbers the packs. */
export class UseTable {
  readonly #uses = new Map<PackId, { kind: PackKind; usedBytes: number }>();
  readonly #ordinals = new Map<PackId, number>();

  add(packId: PackId, kind: PackKind, usedBytes: number): number {
    const use = this.#uses.get(packId);
    if (use !== undefined) use.usedBytes += usedBytes;
    else {
      this.#ordinals.set(packId, this.#uses.size);
      this.#uses.set(packId, { kind, usedBytes });
    }
    return this.ordinal(packId);
  }

  ordinal(packId: PackId): number {
    return this.#ordinals.get(packId) ?? 0;
  }

  list(): readonly SubtreeUse[] {
    return [...this.#uses].map(([packId, { kind, usedBytes }]) => ({ packId, kind, usedBytes }));
  }

  write(writer: ByteWriter): void {
    writer.uvarint(this.#uses.size);
    for (const [packId, { kind, usedBytes }] of this.#uses) {
      writer
        .raw(packIdBytes(packId))
        .u8(kind === 'data' ? 1 : 2)
        .uvarint(usedBytes);
    }
  }
}

function readUses(reader: ByteReader): readonly SubtreeUse[] {
  const uses: SubtreeUse[] = [];
  for (let count = reader.uvarint(); count > 0; count -= 1) {
    const packId = packIdText(reader.raw(PACK_ID_BYTES));
    uses.push({ packId, kind: reader.u8() === 1 ? 'data' : 'tree', usedBytes: reader.uvarint() });
  }
  return uses;
}

export function encodeMapLeaf(extents: readonly Extent[]): { readonly bytes: Buffer; readonly uses: UseTable } {
  const uses = new UseTable();
  const ordinals = new Map<string, number>();
  const chunks: ChunkRef[] = [];
  const ordinalOf = (chunk: ChunkRef) => {
    const id = chunk.chunkId.toString('latin1');
    const known = ordinals.get(id);
    if (known !== undefined) return known;
    uses.add(chunk.packId, 'data', chunk.frameBytes);
    ordinals.set(id, chunks.length);
    return chunks.push(chunk) - 1;
  };
  const body = new ByteWriter(extents.length * 12 + 16);
  body.uvarint(extents.length);
  for (const extent of extents) writeExtent(body, extent, ordinalOf);
  const node = new ByteWriter(extents.length * 48 + 64);
  node.u8(MAP_LEAF);
  uses.write(node);
  node.uvarint(chunks.length);
  for (const chunk of chunks) writeChunkRef(node, chunk, uses.ordinal(chunk.packId));
  return { bytes: node.raw(body.view()).take(), uses };
}

export function encodeMapInner(
  children: readonly MapChild[],
  usesBelow: readonly SubtreeUse[],
): { readonly bytes: Buffer; readonly uses: UseTable } {
  const uses = new UseTable();
  for (const { packId, kind, usedBytes } of usesBelow) uses.add(packId, kind, usedBytes);
  for (const { ref } of children) uses.add(ref.packId, 'tree', ref.frameBytes);
  const node = new ByteWriter(children.length * 48 + 64);
  node.u8(MAP_INNER);
  uses.write(node);
  node.uvarint(children.length);
  for (const { ref, logicalBytes } of children) {
    writeChunkRef(node, ref, uses.ordinal(ref.packId));
    node.uvarint(logicalBytes);
  }
  return { bytes: node.take(), uses };
}

/** @param baseUses what the base leaf needs; its own frame is added */
export function encodeMapDelta(
  base: ChunkRef,
  baseUses: readonly SubtreeUse[],
  overrides: readonly BlockOverride[],
): { readonly bytes: Buffer; readonly uses: UseTable } {
  const uses = new UseTable();
  for (const { packId, kind, usedBytes } of baseUses) uses.add(packId, kind, usedBytes);
  uses.add(base.packId, 'tree', base.frameBytes);
  for (const { chunk } of overrides) if (chunk !== undefined) uses.add(chunk.packId, 'data', chunk.frameBytes);
  const node = new ByteWriter(overrides.length * 48 + 256);
  node.u8(MAP_DELTA);
  uses.write(node);
  writeChunkRef(node, base, uses.ordinal(base.packId));
  node.uvarint(overrides.length);
  for (const { block, chunk } of overrides) {
    node.uvarint(block).u8(chunk === undefined ? 0 : 1);
    if (chunk !== undefined) writeChunkRef(node, chunk, uses.ordinal(chunk.packId));
  }
  return { bytes: node.take(), uses };
}

function readOverrides(reader: ByteReader, packs: readonly PackId[]): readonly BlockOverride[] {
  const overrides: BlockOverride[] = [];
  for (let count = reader.uvarint(); count > 0; count -= 1) {
    const block = reader.uvarint();
    overrides.push(reader.u8() === 0 ? { block } : { block, chunk: readChunkRef(reader, packs) });
  }
  return overrides;
}

export function decodeMapNode(bytes: Buffer): MapNode {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const uses = readUses(reader);
  const packs = uses.map(({ packId }) => packId);
  if (type === MAP_LEAF) {
    const chunks: ChunkRef[] = [];
    for (let count = reader.uvarint(); count > 0; count -= 1) chunks.push(readChunkRef(reader, packs));
    const extents: Extent[] = [];
    for (let count = reader.uvarint(); count > 0; count -= 1) extents.push(readExtent(reader, chunks));
    return { type: 'leaf', uses, extents };
  }
  if (type === MAP_DELTA) {
    const base = readChunkRef(reader, packs);
    return { type: 'delta', uses, base, overrides: readOverrides(reader, packs) };
  }
  if (type !== MAP_INNER) throw new EngineError('unsupported', `a map node has type ${type}, which this version lacks`);
  const children: MapChild[] = [];
  for (let count = reader.uvarint(); count > 0; count -= 1) {
    children.push({ ref: readChunkRef(reader, packs), logicalBytes: reader.uvarint() });
  }
  return { type: 'inner', uses, children };
}
