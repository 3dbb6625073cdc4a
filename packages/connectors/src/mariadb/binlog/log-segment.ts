import { createReadStream } from 'node:fs';
import { z } from 'zod';

const LENGTH_BYTES = 4;
const LARGEST_HEADER_BYTES = 16 * 1024 * 1024;

const segmentHeader = z.object({
  file: z.string().regex(/^[\w.-]+\.\d+$/),
  /** Where in the file the bytes of the segment belong. */
  offset: z.number().int().min(0),
  length: z.number().int().min(0),
  /** The beginning of the file, in base64. */
  head: z.string(),
  /** How far the log had been written at times in ms by the server's clock, in order; positions are in this file. */
  marks: z.array(z.tuple([z.number(), z.number()])),
});

/** What a segment says about the bytes that follow. */
export type SegmentHeader = z.infer<typeof segmentHeader>;

/** The bytes of a segment: the length of its header, the header, and a run of a local binary log file. */
export async function* segmentBytes(header: SegmentHeader, path: string): AsyncGenerator<Uint8Array> {
  const text = encoded(header);
  const prefix = Buffer.alloc(LENGTH_BYTES);
  prefix.writeUInt32LE(text.length);
  yield Buffer.concat([prefix, text]);
  if (header.length === 0) return;
  const range = { start: header.offset, end: header.offset + header.length - 1 };
  yield* createReadStream(path, { ...range, highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
}

/** How many bytes `segmentBytes` gives. */
export function segmentSize(header: SegmentHeader): number {
  return LENGTH_BYTES + encoded(header).length + header.length;
}

function encoded(header: SegmentHeader): Buffer {
  return Buffer.from(JSON.stringify(header));
}

/**
 * Takes a stored segment apart.
 * @throws Error for anything else
 */
export async function readSegment(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly header: SegmentHeader; readonly bytes: AsyncGenerator<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const fill = async (wanted: number): Promise<void> => {
    while (held.length < wanted) {
      const step = await iterator.next();
      if (step.done === true) throw new Error('a stored segment of the binary log breaks off');
      held = Buffer.concat([held, step.value]);
    }
  };
  await fill(LENGTH_BYTES);
  const headerBytes = held.readUInt32LE(0);
  if (headerBytes > LARGEST_HEADER_BYTES) throw new Error('a stored segment of the binary log is damaged');
  await fill(LENGTH_BYTES + headerBytes);
  const text = held.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes).toString('utf8');
  const header = segmentHeader.parse(JSON.parse(text));
  const rest = held.subarray(LENGTH_BYTES + headerBytes);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (rest.length > 0) yield rest;
    for (;;) {
      const step = await iterator.next();
      if (step.done === true) return;
      yield step.value;
    }
  }
  return { header, bytes: bytes() };
}
