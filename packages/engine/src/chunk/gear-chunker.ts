import type { ChunkParameters } from './chunk-parameters.ts';
import { GEAR_MODULE_BASE64 } from './gear-module.ts';

const TABLE_BYTES = 2048;
const PAGE_BYTES = 65_536;

type NextCut = (start: number, available: number, min: number, avgBits: number, max: number) => number;

function instantiate(memory: WebAssembly.Memory): NextCut {
  const module = new WebAssembly.Module(Buffer.from(GEAR_MODULE_BASE64, 'base64'));
  const { nextCut } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  if (typeof nextCut !== 'function') throw new Error('the chunker module has no nextCut');
  return nextCut as NextCut;
}

/**
 * Finds content-defined cut points in its own memory, into which callers read data directly, so that nothing is copied.
 */
export class GearChunker {
  /** The memory for data; offsets of `cut` count from its beginning. */
  readonly data: Buffer;
  readonly #nextCut: NextCut;
  readonly #min: number;
  readonly #max: number;
  readonly #avgBits: number;

  /** @param gearTable 2,048 bytes, see `derivedKeys.gearTable` */
  constructor(gearTable: Uint8Array, parameters: ChunkParameters, dataBytes: number) {
    const pages = Math.ceil((TABLE_BYTES + dataBytes) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    Buffer.from(memory.buffer).set(gearTable, 0);
    this.data = Buffer.from(memory.buffer, TABLE_BYTES, dataBytes);
    this.#nextCut = instantiate(memory);
    this.#min = parameters.min;
    this.#max = parameters.max;
    this.#avgBits = Math.log2(parameters.avg);
  }

  /**
   * Length of the chunk at `start`, of which `available` bytes are in memory; 0 when its end is not among them. With
   * `isLast` the bytes end the stream, so that the answer is never 0 for a non-empty rest.
   */
  cut(start: number, available: number, isLast: boolean): number {
    const length = this.#nextCut(TABLE_BYTES + start, available, this.#min, this.#avgBits, this.#max);
    return length === 0 && isLast ? available : length;
  }
}
