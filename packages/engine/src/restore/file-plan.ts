import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ItemPath } from '../content/item-record.ts';
import type { StoredContent } from '../content/stored-content.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';

/** A file to be written, with the extents that it needs. */
export interface PlannedFile {
  readonly item: ItemPath;
  readonly path: Uint8Array;
  readonly sizeBytes: number;
  readonly content: StoredContent;
  /** In order; holes included. */
  readonly extents: readonly PlacedExtent[];
}

/** A piece of a chunk that goes to a place in a file. */
export interface PlannedWrite {
  /** Index into the files of the batch. */
  readonly file: number;
  readonly fileOffset: number;
  readonly chunkOffset: number;
  readonly length: number;
}

export interface PlannedFrame {
  readonly chunk: ChunkRef;
  readonly writes: PlannedWrite[];
}

/** Frames of one pack that are read with one request. */
export interface PlannedRange {
  readonly packId: string;
  readonly offset: number;
  readonly length: number;
  readonly frames: readonly PlannedFrame[];
}

export interface RangeLimits {
  /** A gap costs less than another request. */
  readonly gapBytes: number;
  readonly rangeBytes: number;
  /** What the frames of a range may decode to. */
  readonly plainBytes: number;
}

/** What is needed of each chunk, over all files of a batch; `isPresent` leaves out what a file holds already. */
export function planFrames(
  files: readonly PlannedFile[],
  isPresent: (file: number, extent: number) => boolean,
): readonly PlannedFrame[] {
  const frames = new Map<string, PlannedFrame>();
  files.forEach((planned, file) => {
    planned.extents.forEach(({ at, length, chunk, chunkOffset }, extent) => {
      if (chunk === undefined || isPresent(file, extent)) return;
      const key = `${chunk.packId}.${chunk.offset}`;
      let frame = frames.get(key);
      if (frame === undefined) {
        frame = { chunk, writes: [] };
        frames.set(key, frame);
      }
      frame.writes.push({ file, fileOffset: at, chunkOffset, length });
    });
  });
  return [...frames.values()];
}

/**
 * Sorts frames by place and joins neighbours into ranges.
 * @param isAlone whether a file's data shall not share a range with data of other files
 */
export function planRanges(
  frames: readonly PlannedFrame[],
  limits: RangeLimits,
  isAlone: (file: number) => boolean = () => false,
): readonly PlannedRange[] {
  const sorted = [...frames].sort((a, b) => {
    if (a.chunk.packId !== b.chunk.packId) return a.chunk.packId < b.chunk.packId ? -1 : 1;
    return a.chunk.offset - b.chunk.offset;
  });
  const ranges: PlannedRange[] = [];
  let open:
    | { packId: string; owner: number; offset: number; end: number; plainBytes: number; frames: PlannedFrame[] }
    | undefined;
  const close = () => {
    if (open === undefined) return;
    const { packId, offset, end } = open;
    ranges.push({ packId, offset, length: end - offset, frames: open.frames });
    open = undefined;
  };
  for (const frame of sorted) {
    const { packId, offset, frameBytes, plainBytes } = frame.chunk;
    const end = offset + frameBytes;
    const owner = ownerOf(frame, isAlone);
    const fits =
      open?.packId === packId &&
      open.owner === owner &&
      offset - open.end <= limits.gapBytes &&
      end - open.offset <= limits.rangeBytes &&
      open.plainBytes + plainBytes <= limits.plainBytes;
    if (!fits) close();
    if (open === undefined) open = { packId, owner, offset, end, plainBytes: 0, frames: [] };
    open.end = end;
    open.plainBytes += plainBytes;
    open.frames.push(frame);
  }
  close();
  return ranges;
}

/** @returns the file whose range this frame belongs to, or -1 for the ranges that files share */
export function ownerOf({ writes }: PlannedFrame, isAlone: (file: number) => boolean): number {
  const file = writes[0]?.file ?? -1;
  return file >= 0 && isAlone(file) ? file : -1;
}
