import { Blake3Hasher } from '@napi-rs/blake-hash';
import { extentsIn } from '../content/extents-in.ts';
import type { StoredContent } from '../content/stored-content.ts';
import { EngineError } from '../engine-error.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';
import type { ChunkIndex } from '../index/chunk-index.ts';
import { packIdBytes, packKey } from '../pack/pack-id.ts';
import type { Store } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { ReadSession } from './read-session.ts';
import { SharedChunks } from './shared-chunks.ts';

const AHEAD = 4;
const ZEROS = new Uint8Array(1024 * 1024);

export interface ReadContext {
  readonly store: Store;
  readonly index: ChunkIndex;
  readonly session: ReadSession;
  readonly readNode: NodeReader;
  /** Absent: every extent reads its own chunk. */
  readonly shared?: SharedChunks;
}

/** Reads `[offset, offset + length)` of a content as a stream, a few chunks ahead; a full read proves the checksum. */
export async function* readContent(
  context: ReadContext,
  content: StoredContent,
  sizeBytes: number,
  range: { readonly offset: number; readonly length: number } | undefined,
): AsyncGenerator<Uint8Array> {
  const from = range?.offset ?? 0;
  const to = Math.min(sizeBytes, range === undefined ? sizeBytes : range.offset + range.length);
  if (content.form === 'inline') {
    yield content.bytes.subarray(from, to);
    return;
  }
  if (content.form === 'none') return;
  const hasher = range === undefined ? new Blake3Hasher() : undefined;
  const extents = extentsIn(content, context.readNode, from, to);
  yield* readExtents(context, extents, from, to, (bytes) => hasher?.update(bytes));
  if (hasher !== undefined && Buffer.compare(hasher.digestBuffer(), content.checksum.value) !== 0) {
    throw new EngineError('damaged', 'an item does not have the checksum with which it was backed up');
  }
}

/** Bytes `[from, to)` of extents that cover them; `onData` sees what is not a hole. */
export async function* readExtents(
  context: ReadContext,
  extents: AsyncGenerator<PlacedExtent>,
  from: number,
  to: number,
  onData: (bytes: Uint8Array) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  for await (const { extent, plain } of ahead(context, extents)) {
    const begin = Math.max(0, from - extent.at);
    const end = Math.min(extent.length, to - extent.at);
    if (plain === undefined) {
      for (let at = begin; at < end; at += ZEROS.length) yield ZEROS.subarray(0, Math.min(ZEROS.length, end - at));
      continue;
    }
    const part = plain.subarray(extent.chunkOffset + begin, extent.chunkOffset + end);
    // Who gets it may give its memory away, which others still need when the chunk is shared.
    const bytes = context.shared !== undefined && SharedChunks.isShared(extent) ? Uint8Array.from(part) : part;
    onData(bytes);
    yield bytes;
  }
}

interface ReadExtent {
  readonly extent: PlacedExtent;
  readonly plain: Uint8Array | undefined;
}

async function* ahead(context: ReadContext, extents: AsyncGenerator<PlacedExtent>): AsyncGenerator<ReadExtent> {
  const running: { readonly extent: PlacedExtent; readonly plain: Promise<Uint8Array | undefined> }[] = [];
  const take = async () => {
    const step = await extents.next();
    if (step.done === true) return;
    const plain = readShared(context, step.value);
    // Awaited in order below; a failure ahead of that must not count as unhandled.
    plain.catch(() => undefined);
    running.push({ extent: step.value, plain });
  };
  for (let count = 0; count < AHEAD; count += 1) await take();
  for (let next = running.shift(); next !== undefined; next = running.shift()) {
    yield { extent: next.extent, plain: await next.plain };
    await take();
  }
}

function readShared(context: ReadContext, extent: PlacedExtent): Promise<Uint8Array | undefined> {
  const load = () => readChunk(context, extent);
  return context.shared !== undefined && SharedChunks.isShared(extent) ? context.shared.read(extent, load) : load();
}

/** The plain bytes of an extent's chunk, verified; undefined for a hole. @throws EngineError `damaged` */
export async function readChunk(context: ReadContext, { chunk }: PlacedExtent): Promise<Uint8Array | undefined> {
  if (chunk === undefined) return undefined;
  const direct = await tryFrame(context, chunk, chunk.packId, chunk.offset, chunk.frameBytes);
  if (direct !== undefined) return direct;
  await context.index.refresh();
  for (const { pack, offset, frameBytes } of await context.index.find(chunk.chunkId)) {
    const moved = await tryFrame(context, chunk, pack.packId, offset, frameBytes);
    if (moved !== undefined) return moved;
  }
  const id = chunk.chunkId.toString('hex');
  throw new EngineError('damaged', `chunk ${id} (pack ${chunk.packId}) is missing or does not verify`);
}

async function tryFrame(
  context: ReadContext,
  chunk: NonNullable<PlacedExtent['chunk']>,
  packId: string,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    return await context.session.rooms.with(length, async (room) => {
      const lent = room === undefined ? {} : { room };
      const frame = await context.store.get(packKey(packId), { range: { offset, length }, ...lent });
      const { plain } = await context.session.run({
        type: 'decode-frame',
        // Copies: a view would take all the memory behind it along, such as the whole node that it was read from.
        packId: Uint8Array.from(packIdBytes(packId)),
        frame,
        chunkId: Uint8Array.from(chunk.chunkId),
        plainBytes: chunk.plainBytes,
      });
      return plain;
    });
  } catch (error) {
    if (isStoreError(error, 'not-found', 'corrupt')) return undefined;
    throw error;
  }
}
