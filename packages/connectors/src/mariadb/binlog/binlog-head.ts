import { type FileHandle, open } from 'node:fs/promises';

const MAGIC_BYTES = 4;
const EVENT_HEADER_BYTES = 19;
const LARGEST_HEAD_BYTES = 64 * 1024;
const FORMAT_DESCRIPTION_EVENT = 15;

/** Where the events of a binary log file begin. */
export const FIRST_OFFSET = MAGIC_BYTES;

/** The beginning of a binary log file, without which none of its later bytes can be read. */
export interface BinlogHead {
  /** Magic number and format description. */
  readonly bytes: Buffer;
  readonly stamp: string;
}

/**
 * Reads the beginning of a binary log file.
 * @returns undefined while the file does not hold it all yet
 * @throws Error when it is no binary log, or an encrypted one
 */
export async function readBinlogHead(path: string): Promise<BinlogHead | undefined> {
  await using file = await open(path, 'r');
  const fixed = await readAt(file, 0, MAGIC_BYTES + EVENT_HEADER_BYTES);
  if (fixed.length < MAGIC_BYTES + EVENT_HEADER_BYTES) return undefined;
  if (fixed.readUInt32BE(0) !== 0xfe62696e || fixed.readUInt8(MAGIC_BYTES + 4) !== FORMAT_DESCRIPTION_EVENT) {
    throw new Error('what the server sends is no binary log');
  }
  const headBytes = MAGIC_BYTES + fixed.readUInt32LE(MAGIC_BYTES + 9);
  if (headBytes > LARGEST_HEAD_BYTES) throw new Error('the binary log begins with an impossible event');
  const bytes = await readAt(file, 0, headBytes);
  if (bytes.length < headBytes) return undefined;
  return { bytes, stamp: fixed.readUInt32LE(MAGIC_BYTES).toString(16).padStart(8, '0') };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
