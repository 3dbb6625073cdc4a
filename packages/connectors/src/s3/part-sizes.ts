const MIB = 1024 * 1024;

/** What is not larger goes up with one request. */
const LARGEST_WHOLE_BYTES = 16 * MIB;
const SMALLEST_PART_BYTES = 8 * MIB;
/** A store takes no more of one object. */
const MOST_PARTS = 10_000;
const MOST_AT_ONCE = 3;
const MEMORY_BYTES = 48 * MIB;

export interface PartSizes {
  /** Of every part but the last. */
  readonly bytes: number;
  /** Parts under way side by side. */
  readonly atOnce: number;
  /** What the upload holds: the parts under way and the one that is being filled. */
  readonly memoryBytes: number;
}

/** How an object goes up in parts; undefined when one request does. */
export function partSizes(sizeBytes: number): PartSizes | undefined {
  if (sizeBytes <= LARGEST_WHOLE_BYTES) return undefined;
  const bytes = Math.max(SMALLEST_PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS));
  const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(MEMORY_BYTES / bytes)));
  return { bytes, atOnce, memoryBytes: bytes * (atOnce + 1) };
}
