/** What a bad disk, a careless operator or a hostile store may do to the objects of a vault, at random. */
import { crc32 } from 'node:zlib';
import { fc } from '@holdfast/testkit/properties';
import { blake3 } from '../second-reader/sealed-vault.ts';

const KINDS = ['flip', 'reseal', 'zero', 'truncate', 'extend', 'remove', 'swap', 'replay', 'splice'] as const;
const FOLDERS = ['packs/', 'packs/', 'index/', 'points/', 'points/', 'moves/', 'keys/', 'vault'] as const;
const LEAF = 65_536;
const FOOTER = 64;

/** One blow; the numbers choose object and place by their remainder, so that every value means something. */
export interface Damage {
  readonly kind: (typeof KINDS)[number];
  readonly folder: (typeof FOLDERS)[number];
  readonly object: number;
  /** The object whose bytes come in: for `swap`, `replay` (old bytes under a newer name) and `splice`. */
  readonly other: number;
  readonly near: 'start' | 'end' | 'anywhere';
  readonly at: number;
  readonly bits: number;
  readonly length: number;
}

const number = fc.nat({ max: 0x3fff_ffff });

/** One to three blows. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    folder: fc.constantFrom(...FOLDERS),
    object: number,
    other: number,
    near: fc.constantFrom('start', 'end', 'anywhere'),
    at: number,
    bits: fc.integer({ min: 1, max: 255 }),
    length: fc.integer({ min: 1, max: 4096 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A damaged copy of the objects; what was not hit is shared with the original. */
export function damaged(objects: ReadonlyMap<string, Buffer>, blows: readonly Damage[]): ReadonlyMap<string, Buffer> {
  const copy = new Map(objects);
  for (const blow of blows) strike(copy, blow);
  return copy;
}

function strike(objects: Map<string, Buffer>, blow: Damage): void {
  const names = [...objects.keys()].filter((name) => name.startsWith(blow.folder));
  const name = names[blow.object % names.length];
  const other = names[blow.other % names.length];
  if (name === undefined || other === undefined) return;
  const [bytes, others] = [objects.get(name) ?? Buffer.alloc(0), objects.get(other) ?? Buffer.alloc(0)];
  if (blow.kind === 'remove') return void objects.delete(name);
  if (blow.kind === 'swap') objects.set(other, bytes);
  objects.set(name, struck(bytes, others, blow));
}

function struck(bytes: Buffer, other: Buffer, blow: Damage): Buffer {
  const at = placeIn(bytes, blow);
  const end = Math.min(bytes.length, at + blow.length);
  switch (blow.kind) {
    case 'flip':
      return flipped(bytes, at, blow.bits);
    case 'reseal':
      return resealed(flipped(bytes, at, blow.bits));
    case 'zero':
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(end - at), bytes.subarray(end)]);
    case 'truncate':
      return bytes.subarray(0, at);
    case 'extend':
      return Buffer.concat([bytes, Buffer.alloc(blow.length, blow.bits)]);
    case 'splice':
      return Buffer.concat([bytes.subarray(0, at), other.subarray(at, end), bytes.subarray(end)]);
    case 'swap':
    case 'replay':
      return other;
    case 'remove':
      return bytes;
  }
}

function placeIn(bytes: Buffer, { near, at }: Damage): number {
  const size = Math.max(1, bytes.length);
  if (near === 'start') return at % Math.min(size, 160);
  if (near === 'end') return size - 1 - (at % Math.min(size, 160));
  return at % size;
}

function flipped(bytes: Buffer, at: number, bits: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
}

/** Makes every check that needs no key agree with the bytes again: what a store can do that means harm. */
function resealed(bytes: Buffer): Buffer {
  const type = bytes.length < 200 ? 1 : bytes.readUInt8(4);
  if (type === 1 || type === 2) bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  if (type === 3) resealPack(bytes);
  if (type === 4) bytes.writeUInt32LE(crc32(bytes.subarray(0, 124)), 124);
  return bytes;
}

function resealPack(pack: Buffer): void {
  const footerAt = pack.length - FOOTER;
  const leavesAt = pack.readUInt32LE(footerAt + 16);
  pack.writeUInt32LE(crc32(pack.subarray(0, 60)), 60);
  const count = Math.ceil(leavesAt / LEAF);
  if (leavesAt + count * 32 === footerAt) {
    for (let leaf = 0; leaf < count; leaf += 1) {
      const body = pack.subarray(leaf * LEAF, Math.min((leaf + 1) * LEAF, leavesAt));
      pack.set(blake3(body), leavesAt + leaf * 32);
    }
    pack.set(blake3(pack.subarray(leavesAt, footerAt)), footerAt + 24);
  }
  pack.writeUInt32LE(crc32(pack.subarray(0, footerAt)), footerAt + 56);
  pack.writeUInt32LE(crc32(pack.subarray(footerAt, footerAt + 60)), footerAt + 60);
}
