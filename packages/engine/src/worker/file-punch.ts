import { writeSync } from 'node:fs';
import koffi from 'koffi';

const KEEP_SIZE_AND_PUNCH = 3;
const ZEROS = Buffer.alloc(1_048_576);

type Allocate = (descriptor: number, mode: number, offset: number, length: number) => number;

let allocate: Allocate | undefined;

/** Makes a range of a file read as zeros: a hole where the file system can, zeros elsewhere. */
export function punchHole(descriptor: number, offset: number, length: number): void {
  if (process.platform === 'linux') {
    allocate ??= koffi.load(null).func('int fallocate(int, int, int64_t, int64_t)') as Allocate;
    if (allocate(descriptor, KEEP_SIZE_AND_PUNCH, offset, length) === 0) return;
  }
  for (let done = 0; done < length; done += ZEROS.length) {
    writeSync(descriptor, ZEROS, 0, Math.min(ZEROS.length, length - done), offset + done);
  }
}
