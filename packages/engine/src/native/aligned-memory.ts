/** Direct input and output wants memory and places that begin and end at a block of the device. */
export const BLOCK_BYTES = 4096;
const WASM_PAGE_BYTES = 65_536;

/** Node cannot allocate by alignment, but a WebAssembly memory begins at a page. @returns at least `sizeBytes` */
export function alignedMemory(sizeBytes: number): Buffer {
  const pages = Math.ceil(sizeBytes / WASM_PAGE_BYTES);
  return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
}

/** The block boundary at or before a place. */
export function blockBefore(at: number): number {
  return Math.floor(at / BLOCK_BYTES) * BLOCK_BYTES;
}

/** The block boundary at or behind a place. */
export function blockBehind(at: number): number {
  return Math.ceil(at / BLOCK_BYTES) * BLOCK_BYTES;
}
