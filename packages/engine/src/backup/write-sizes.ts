const MIB = 1024 * 1024;
/** The main thread with its heap, caches and trees on their way. */
const COORDINATOR_BYTES = 128 * MIB;
/** A thread with its heap and what compression and encryption borrow. */
const THREAD_BYTES = 40 * MIB;
const SLAB_BYTES = 8 * MIB;
const SLABS = 3;
const PACK_BUFFERS = 2;
const TREE_PACK_BYTES = 8 * MIB;
const LARGEST_PACK_BYTES = 32 * MIB;
const SMALLEST_PACK_BYTES = 4 * MIB;

/** Sizes of the buffers of a backup. */
export interface WriteSizes {
  readonly slabBytes: number;
  readonly slabCount: number;
  readonly packBuffers: number;
  readonly dataPackBytes: number;
  readonly treePackBytes: number;
}

/** Divides the memory of the engine among its threads; less memory makes smaller packs, never an overrun. */
export function writeSizes(memoryBytes: number, threads: number): WriteSizes {
  const perThread = (memoryBytes - COORDINATOR_BYTES) / threads - THREAD_BYTES;
  const forPacks = perThread - SLABS * SLAB_BYTES - TREE_PACK_BYTES;
  const pack = Math.floor(forPacks / PACK_BUFFERS / MIB) * MIB - 6 * MIB;
  return {
    slabBytes: SLAB_BYTES,
    slabCount: SLABS,
    packBuffers: PACK_BUFFERS,
    dataPackBytes: Math.max(SMALLEST_PACK_BYTES, Math.min(LARGEST_PACK_BYTES, pack)),
    treePackBytes: TREE_PACK_BYTES,
  };
}
