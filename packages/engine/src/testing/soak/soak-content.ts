/** What the soak backs up: trees whose every byte follows from numbers, so that any recovery point can be judged later. */
import { createHash } from 'node:crypto';
import type { ItemEntry } from '../../content/item-record.ts';

/** One file of a soak tree: its bytes follow from the seed. */
export interface SoakFile {
  readonly name: string;
  readonly seed: number;
  readonly sizeBytes: number;
}

/** A small generator of whole numbers from 0 to below a limit. */
export type Dice = (limit: number) => number;

export function dice(seed: number): Dice {
  // Seeds that follow each other must not begin alike: a worker that is killed early throws only a few times.
  let state = createHash('sha256').update(String(seed)).digest().readUInt32LE();
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}

function newFile(throwDice: Dice, name: string): SoakFile {
  const kind = throwDice(20);
  const sizeBytes = kind === 0 ? 1_000_000 + throwDice(4_000_000) : kind < 4 ? throwDice(400_000) : throwDice(20_000);
  return { name, seed: throwDice(0x7fffffff), sizeBytes };
}

/** A first tree, or the next state of one: some files changed, some new, some gone. */
export function nextTree(throwDice: Dice, before: readonly SoakFile[] | undefined): SoakFile[] {
  if (before === undefined || before.length === 0) {
    return Array.from({ length: 5 + throwDice(60) }, (_, index) => newFile(throwDice, nameOf(index)));
  }
  const kept = before.filter(() => throwDice(20) !== 0);
  const changed = kept.map((file) => (throwDice(8) === 0 ? newFile(throwDice, file.name) : file));
  const fresh = Array.from({ length: throwDice(6) }, () => newFile(throwDice, nameOf(100 + throwDice(10_000))));
  const byName = new Map([...changed, ...fresh].map((file) => [file.name, file]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(number: number): string {
  return `f${String(number).padStart(6, '0')}`;
}

/** The bytes of a file: half of them compress, and files of one seed and other sizes share their beginning. */
export function bytesOf({ seed, sizeBytes }: SoakFile): Buffer {
  const block = createHash('shake256', { outputLength: 65_536 }).update(String(seed)).digest();
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes; at += block.length) {
    block.copy(bytes, at, 0, Math.min(block.length, sizeBytes - at));
    if (at % (2 * block.length) === 0) bytes.fill(at & 0xff, at, Math.min(at + 16_384, sizeBytes));
    if (sizeBytes - at > 8) bytes.writeUInt32LE((at / block.length) >>> 0, at + 4);
  }
  return bytes;
}

/** The tree as a source would hand it over: in path order, content as streams in odd pieces or inline. */
export async function* entriesOf(files: readonly SoakFile[]): AsyncGenerator<ItemEntry> {
  yield { item: { path: Buffer.alloc(0), type: 'directory', sizeBytes: 0, metadata: {} } };
  for (const file of files) {
    const content =
      file.seed % 2 === 0
        ? ({ kind: 'inline', bytes: bytesOf(file) } as const)
        : ({ kind: 'stream', open: () => pieces(bytesOf(file), 10_000 + (file.seed % 90_000)) } as const);
    yield {
      item: {
        path: Buffer.from(file.name),
        type: 'file',
        sizeBytes: file.sizeBytes,
        metadata: {},
        fingerprint: Buffer.from(`${file.seed}/${file.sizeBytes}`),
        content,
      },
    };
  }
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
