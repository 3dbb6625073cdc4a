/** Items and contents of a recovery point, written from docs/format/trees.md alone. */
import { ByteReader } from './byte-reader.ts';
import { blake3, type ChunkReader, type Reference } from './sealed-vault.ts';

const TYPES = ['', 'file', 'directory', 'symlink', 'fifo', 'socket', 'character-device', 'block-device', 'object'];

interface Extent {
  readonly length: number;
  /** Absent for a hole. */
  readonly data?: { readonly chunk: Reference; readonly offset: number };
}

type Content =
  | { readonly form: 'none' }
  | { readonly form: 'inline'; readonly bytes: Buffer }
  | {
      readonly form: 'extents';
      readonly checksum: Buffer;
      readonly algorithm: number;
      readonly extents: readonly Extent[];
    }
  | { readonly form: 'map'; readonly checksum: Buffer; readonly algorithm: number; readonly root: Reference };

export interface ReadItem {
  /** latin1: one character per byte. */
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly linkTarget?: Buffer;
  readonly hardLinkTo?: Buffer;
  readonly posix?: { mode: number; uid: number; gid: number; modifiedAtNs: bigint };
  readonly xattrs: readonly { name: Buffer; value: Buffer }[];
  readonly content: Content;
}

function packTable(reader: ByteReader): string[] {
  return reader.times(reader.uvarint(), () => reader.take(16).toString('hex'));
}

function nodeReference(reader: ByteReader, packs: readonly string[]): Reference {
  const chunkId = reader.take(24).toString('hex');
  const packId = packs[reader.uvarint()] ?? '';
  return { chunkId, packId, offset: reader.uvarint(), frameLength: reader.uvarint(), plainLength: reader.uvarint() };
}

/** All items below a node of the item tree, in order. */
export function* items(vault: ChunkReader, node: Reference): Generator<ReadItem> {
  const reader = new ByteReader(vault.chunk(2, node));
  const isInner = reader.u8() === 1;
  const packs = packTable(reader);
  if (isInner) {
    for (const child of reader.times(reader.uvarint(), () => innerChild(reader, packs))) yield* items(vault, child);
    return;
  }
  const chunks = reader.times(reader.uvarint(), () => nodeReference(reader, packs));
  let sortKey = Buffer.alloc(0);
  for (let left = reader.uvarint(); left > 0; left -= 1) {
    sortKey = Buffer.concat([sortKey.subarray(0, reader.uvarint()), reader.bytes()]);
    yield entry(reader, sortKey, packs, chunks);
  }
}

function innerChild(reader: ByteReader, packs: readonly string[]): Reference {
  reader.uvarint();
  reader.bytes();
  const child = nodeReference(reader, packs);
  reader.times(3, () => reader.uvarint());
  return child;
}

function entry(reader: ByteReader, sortKey: Buffer, packs: readonly string[], chunks: readonly Reference[]): ReadItem {
  const path = sortKey.toString('latin1').replaceAll('\0', '/');
  const type = TYPES[reader.u8()] ?? '';
  const size = reader.uvarint();
  const present = reader.u8();
  const has = (bit: number): boolean => (present & (1 << bit)) !== 0;
  if (has(0)) reader.bytes();
  const linkTarget = has(1) ? reader.bytes() : undefined;
  const hardLinkTo = has(2) ? reader.bytes() : undefined;
  if (has(3)) reader.times(2, () => reader.uvarint());
  const metadata = new ByteReader(reader.bytes());
  const sections = metadata.isAtEnd ? 0 : metadata.u8();
  const posix = sections & 1 ? posixSection(metadata) : undefined;
  const pairs = () => metadata.times(metadata.uvarint(), () => ({ name: metadata.bytes(), value: metadata.bytes() }));
  const xattrs = sections & 2 ? pairs() : [];
  if (sections & 4) pairs();
  return {
    path,
    type,
    size,
    xattrs,
    content: content(reader, packs, chunks),
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(hardLinkTo === undefined ? {} : { hardLinkTo }),
    ...(posix === undefined ? {} : { posix }),
  };
}

function posixSection(reader: ByteReader) {
  const [mode = 0, uid = 0, gid = 0] = reader.times(3, () => reader.uvarint());
  const present = reader.u8();
  const modifiedAtNs = reader.i64();
  for (const bit of [0, 1]) if (present & (1 << bit)) reader.bytes();
  for (const bit of [2, 3, 4, 5, 6]) if (present & (1 << bit)) reader.take(8);
  if (present & (1 << 7)) reader.uvarint();
  return { mode, uid, gid, modifiedAtNs };
}

function content(reader: ByteReader, packs: readonly string[], chunks: readonly Reference[]): Content {
  const form = reader.u8();
  if (form === 0) return { form: 'none' };
  if (form === 1) return { form: 'inline', bytes: reader.bytes() };
  const algorithm = reader.u8();
  const checksum = reader.take(32);
  if (form === 2) {
    return {
      form: 'extents',
      algorithm,
      checksum,
      extents: reader.times(reader.uvarint(), () => extent(reader, chunks)),
    };
  }
  reader.u8();
  return { form: 'map', algorithm, checksum, root: nodeReference(reader, packs) };
}

function extent(reader: ByteReader, chunks: readonly Reference[]): Extent {
  const length = reader.uvarint();
  const index = reader.uvarint();
  const chunk = chunks[index - 1];
  return chunk === undefined ? { length } : { length, data: { chunk, offset: reader.uvarint() } };
}

/** The extents of an extent map, in order. */
export function* mapExtents(vault: ChunkReader, node: Reference): Generator<Extent> {
  const reader = new ByteReader(vault.chunk(3, node));
  const type = reader.u8();
  const packs = reader.times(reader.uvarint(), () => {
    const packId = reader.take(16).toString('hex');
    reader.u8();
    reader.uvarint();
    return packId;
  });
  if (type === 1) {
    const children = reader.times(reader.uvarint(), () => {
      const child = nodeReference(reader, packs);
      reader.uvarint();
      return child;
    });
    for (const child of children) yield* mapExtents(vault, child);
  } else if (type === 0) {
    const chunks = reader.times(reader.uvarint(), () => nodeReference(reader, packs));
    yield* reader.times(reader.uvarint(), () => extent(reader, chunks));
  } else {
    yield* deltaLeaf(vault, reader, packs);
  }
}

function* deltaLeaf(vault: ChunkReader, reader: ByteReader, packs: readonly string[]): Generator<Extent> {
  const base = [...mapExtents(vault, nodeReference(reader, packs))];
  for (let left = reader.uvarint(); left > 0; left -= 1) {
    const block = reader.uvarint();
    const { length = 0 } = base[block] ?? {};
    const isHole = reader.u8() === 0;
    base[block] = isHole ? { length } : { length, data: { chunk: nodeReference(reader, packs), offset: 0 } };
  }
  yield* base;
}

/** The whole content of an item, with its checksum proven when it is of algorithm 1. */
export function readContent(vault: ChunkReader, item: ReadItem): Buffer {
  const { content: form } = item;
  if (form.form === 'none') return Buffer.alloc(0);
  if (form.form === 'inline') return form.bytes;
  const extents = form.form === 'extents' ? form.extents : [...mapExtents(vault, form.root)];
  const data: Buffer[] = [];
  const whole = extents.map(({ length, data: at }) => {
    if (at === undefined) return Buffer.alloc(length);
    const bytes = vault.chunk(1, at.chunk).subarray(at.offset, at.offset + length);
    data.push(bytes);
    return bytes;
  });
  if (form.algorithm === 1 && !blake3(...data).equals(form.checksum)) throw new Error(`damaged: ${item.path}`);
  const bytes = Buffer.concat(whole);
  if (bytes.length !== item.size) throw new Error(`damaged: ${item.path} has ${bytes.length} of ${item.size} bytes`);
  return bytes;
}
