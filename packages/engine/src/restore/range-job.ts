import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { packIdBytes } from '../pack/pack-id.ts';
import type { JobFile } from '../worker/restore-protocol.ts';
import type { PlannedFile, PlannedRange } from './file-plan.ts';
import type { JobRequest } from './read-session.ts';

/** A range as a job for a payload thread. */
export interface RangeJob {
  readonly request: JobRequest;
  /** For each file of the job, its index in the batch. */
  readonly files: readonly number[];
}

/** How files of a batch are checked while they are written. */
export interface FileChecks {
  /** All data of the file is in one range. */
  isWhole(file: number): boolean;
  /** The number under which a thread hashes the file's data, which comes to it in order. */
  hashing(file: number): number | undefined;
}

interface Write {
  readonly frame: number;
  readonly fileOffset: number;
  readonly chunkOffset: number;
  readonly length: number;
}

/**
 * Encodes a range with the bytes that were read for it.
 * @param checks how the files of the batch are checked
 */
export function encodeRangeJob(
  range: PlannedRange,
  bytes: Uint8Array,
  batch: readonly PlannedFile[],
  checks: FileChecks,
): RangeJob {
  const byFile = new Map<number, Write[]>();
  const frames = new Uint32Array(range.frames.length * 3);
  const chunkIds = new Uint8Array(range.frames.length * CHUNK_ID_BYTES);
  let writeCount = 0;
  range.frames.forEach(({ chunk, writes }, frame) => {
    frames.set([chunk.offset - range.offset, chunk.frameBytes, chunk.plainBytes], frame * 3);
    chunkIds.set(chunk.chunkId.subarray(0, CHUNK_ID_BYTES), frame * CHUNK_ID_BYTES);
    for (const { file, fileOffset, chunkOffset, length } of writes) {
      const known = byFile.get(file);
      const write = { frame, fileOffset, chunkOffset, length };
      if (known === undefined) byFile.set(file, [write]);
      else known.push(write);
      writeCount += 1;
    }
  });
  const files = [...byFile.keys()];
  const writes = new Uint32Array(writeCount * 4);
  const fileOffsets = new Float64Array(writeCount);
  let at = 0;
  files.forEach((file, index) => {
    // Frames come by place in the pack; a checksum in memory needs the order of the file.
    for (const write of (byFile.get(file) ?? []).sort((a, b) => a.fileOffset - b.fileOffset)) {
      writes.set([write.frame, index, write.chunkOffset, write.length], at * 4);
      fileOffsets[at] = write.fileOffset;
      at += 1;
    }
  });
  const request: JobRequest = {
    type: 'restore-job',
    packId: packIdBytes(range.packId),
    range: bytes,
    chunkIds,
    frames,
    files: files.map((file) => jobFile(batch[file], checks.isWhole(file), checks.hashing(file))),
    writes,
    fileOffsets,
  };
  return { request, files };
}

function jobFile(planned: PlannedFile | undefined, isWhole: boolean, hashing: number | undefined): JobFile {
  if (planned === undefined) throw new Error('a range names a file that is not in its batch');
  const { path, sizeBytes, content } = planned;
  const checksum = 'checksum' in content ? content.checksum.value : new Uint8Array(0);
  return { path, sizeBytes, isWhole, checksum, ...(hashing === undefined ? {} : { hashing }) };
}
