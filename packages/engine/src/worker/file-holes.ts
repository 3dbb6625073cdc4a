import koffi from 'koffi';

const SEEK_DATA = 3;
const SEEK_HOLE = 4;

/** A run of data in a file. */
export interface DataRun {
  readonly start: number;
  readonly end: number;
}

type Seek = (descriptor: number, offset: number, whence: number) => number;

let seek: Seek | undefined;

function loadSeek(): Seek | undefined {
  if (process.platform !== 'linux') return undefined;
  seek ??= koffi.load(null).func('int64_t lseek(int, int64_t, int)') as Seek;
  return seek;
}

/**
 * The next run of data at or behind `from`. A file system that does not know holes says that all is data.
 * @returns undefined when only a hole follows
 */
export function nextDataRun(descriptor: number, from: number, sizeBytes: number): DataRun | undefined {
  if (from >= sizeBytes) return undefined;
  const lseek = loadSeek();
  if (lseek === undefined) return { start: from, end: sizeBytes };
  const start = Number(lseek(descriptor, from, SEEK_DATA));
  // ENXIO: no data behind `from`. A file that shrank says so too, and is found out by the caller's fstat.
  if (start < 0) return undefined;
  const end = Number(lseek(descriptor, start, SEEK_HOLE));
  return { start: Math.min(start, sizeBytes), end: end < 0 ? sizeBytes : Math.min(end, sizeBytes) };
}
