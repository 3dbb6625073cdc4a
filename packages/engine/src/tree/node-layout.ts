import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { type ChunkRef, PackTable, readChunkRef, writeChunkRef } from '../content/chunk-ref.ts';
import type { ItemType } from '../content/item-record.ts';
import { EngineError } from '../engine-error.ts';

export const LEAF_NODE = 0;
export const INNER_NODE = 1;

/** By their number in the format; 0 is not used. */
export const ITEM_TYPES: readonly (ItemType | '')[] = [
  '',
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'character-device',
  'block-device',
  'object',
];

/** What a subtree holds in all. */
export interface NodeSummary {
  readonly itemCount: number;
  readonly logicalBytes: number;
  readonly contentCount: number;
}

export const EMPTY_SUMMARY: NodeSummary = { itemCount: 0, logicalBytes: 0, contentCount: 0 };

export function addSummaries(a: NodeSummary, b: NodeSummary): NodeSummary {
  return {
    itemCount: a.itemCount + b.itemCount,
    logicalBytes: a.logicalBytes + b.logicalBytes,
    contentCount: a.contentCount + b.contentCount,
  };
}

export interface ChildNode {
  readonly firstKey: Buffer;
  readonly ref: ChunkRef;
  readonly summary: NodeSummary;
}

export function encodeInnerNode(children: readonly ChildNode[]): Buffer {
  const packs = new PackTable();
  const body = new ByteWriter(children.length * 96 + 16);
  body.uvarint(children.length);
  let lastKey: Buffer = Buffer.alloc(0);
  for (const { firstKey, ref, summary } of children) {
    let shared = 0;
    const limit = Math.min(firstKey.length, lastKey.length);
    while (shared < limit && firstKey[shared] === lastKey[shared]) shared += 1;
    body.uvarint(shared).bytes(firstKey.subarray(shared));
    lastKey = firstKey;
    writeChunkRef(body, ref, packs.ordinal(ref.packId));
    body.uvarint(summary.itemCount).uvarint(summary.logicalBytes).uvarint(summary.contentCount);
  }
  const node = new ByteWriter(body.length + 256);
  node.u8(INNER_NODE);
  packs.write(node);
  return node.raw(body.view()).take();
}

export function decodeInnerNode(bytes: Buffer): readonly ChildNode[] {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== INNER_NODE) throw new EngineError('damaged', 'an inner tree node has another type');
  const packs = PackTable.read(reader);
  const count = reader.uvarint();
  const children: ChildNode[] = [];
  let lastKey: Buffer = Buffer.alloc(0);
  for (let index = 0; index < count; index += 1) {
    const shared = reader.uvarint();
    const firstKey = Buffer.concat([lastKey.subarray(0, shared), reader.bytes()]);
    lastKey = firstKey;
    const ref = readChunkRef(reader, packs);
    const summary = {
      itemCount: reader.uvarint(),
      logicalBytes: reader.uvarint(),
      contentCount: reader.uvarint(),
    };
    children.push({ firstKey, ref, summary });
  }
  return children;
}
