import type { Extent } from '../content/stored-content.ts';
import type { BackupImageRequest } from '../repository.ts';
import { BLOCK } from './block-states.ts';
import type { ContentPart, WriteSession } from './write-session.ts';

/** Blocks of one task: large enough to keep a thread busy, small enough to share a leaf among all. */
const TASK_BYTES = 32 * 1024 * 1024;
/** Bytes that a reader of a source holds on the coordinating thread at a time. */
const PIECE_BYTES = 4 * 1024 * 1024;
const PROBE_EVERY = 100;

export interface ReadBlocks {
  readonly extents: readonly Extent[];
  /** Blocks taken from the parent without reading. */
  readonly reused: number;
  readonly isHintWrong: boolean;
}

/** Has the blocks of a map leaf read that must be read, and takes the others as they are known. */
export class BlockReader {
  readonly #session: WriteSession;
  readonly #request: BackupImageRequest;
  readonly #blockBytes: number;
  readonly #signal: AbortSignal;

  constructor(session: WriteSession, request: BackupImageRequest, blockBytes: number) {
    this.#session = session;
    this.#request = request;
    this.#blockBytes = blockBytes;
    const abort = new AbortController();
    session.failed.catch((error: unknown) => abort.abort(error));
    this.#signal = abort.signal;
  }

  #lengthOf(block: number): number {
    return Math.min(this.#blockBytes, this.#request.sizeBytes - block * this.#blockBytes);
  }

  /**
   * @param before the parent's extents of the same blocks
   * @param probe which of a hundred unchanged blocks is read all the same
   */
  async read(
    from: number,
    states: Uint8Array,
    before: readonly Extent[] | undefined,
    probe: number | undefined,
  ): Promise<ReadBlocks> {
    const extents: (Extent | undefined)[] = new Array<undefined>(states.length).fill(undefined);
    const wanted: number[] = [];
    const probed: number[] = [];
    let reused = 0;
    states.forEach((state, index) => {
      const length = this.#lengthOf(from + index);
      const known = before?.[index];
      if (state === BLOCK.zero) extents[index] = { length, chunkOffset: 0 };
      else if (state === BLOCK.unchanged && known?.length === length) {
        extents[index] = known;
        reused += 1;
        if (probe !== undefined && (from + index) % PROBE_EVERY === probe) probed.push(index);
      } else wanted.push(index);
    });
    await this.#readBlocks(from, [...wanted, ...probed], (index, extent) => {
      if (probed.includes(index) && !isSameBlock(extents[index], extent)) extents[index] = undefined;
      else extents[index] = extent;
    });
    const complete = extents.filter((extent) => extent !== undefined);
    return { extents: complete, reused: reused - probed.length, isHintWrong: complete.length < extents.length };
  }

  async #readBlocks(from: number, wanted: readonly number[], take: (index: number, extent: Extent) => void) {
    const { source } = this.#request;
    const bytesPerTask = source.kind === 'local-file' ? TASK_BYTES : PIECE_BYTES;
    const perTask = Math.max(1, Math.floor(bytesPerTask / this.#blockBytes));
    const running: Promise<void>[] = [];
    for (let at = 0; at < wanted.length; at += perTask) {
      const group = wanted.slice(at, at + perTask);
      const lengths = Uint32Array.from(group, (index) => this.#lengthOf(from + index));
      const offsets = group.map((index) => (from + index) * this.#blockBytes);
      const content =
        source.kind === 'local-file'
          ? { path: source.path, offsets: Float64Array.from(offsets) }
          : { bytes: await this.#readPieces(offsets, lengths) };
      const found: Extent[] = [];
      const onPart = (part: ContentPart) => {
        addExtents(found, part);
      };
      const { result } = await this.#session.blocks({ source: content, lengths }, { onPart });
      const done = result.then(({ error }) => {
        if (error !== undefined) throw new Error(`the image cannot be read: ${error}`);
        group.forEach((index, position) => {
          const extent = found[position];
          if (extent !== undefined) take(index, extent);
        });
      });
      done.catch(() => undefined);
      running.push(done);
    }
    await Promise.all(running);
  }

  async #readPieces(offsets: readonly number[], lengths: Uint32Array): Promise<Uint8Array> {
    const { source } = this.#request;
    const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let filled = 0;
    for (let index = 0; index < offsets.length; index += 1) {
      if (source.kind !== 'reader') break;
      const [offset = 0, length = 0] = [offsets[index], lengths[index]];
      const block = await source.read(offset, length, this.#signal);
      if (block.length !== length) throw new Error(`the source gave ${block.length} of ${length} bytes at ${offset}`);
      bytes.set(block, filled);
      filled += length;
    }
    return bytes;
  }
}

function addExtents(found: Extent[], part: ContentPart): void {
  let hole = 0;
  for (let index = 0; index <= part.refs.length; index += 1) {
    for (; part.holes[hole]?.[0] === index; hole += 1) {
      found.push({ length: part.holes[hole]?.[1] ?? 0, chunkOffset: 0 });
    }
    const chunk = part.refs[index];
    if (chunk !== undefined) found.push({ length: chunk.plainBytes, chunk, chunkOffset: 0 });
  }
}

function isSameBlock(a: Extent | undefined, b: Extent): boolean {
  if (a?.chunk === undefined || b.chunk === undefined) return a?.chunk === b.chunk;
  return a.chunk.chunkId.equals(b.chunk.chunkId);
}
