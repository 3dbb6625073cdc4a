/** A folder of a recovery point as a tar archive (POSIX pax), made while it is read: nothing is kept anywhere. */
import type { ItemRecord } from '@holdfast/engine';

const BLOCK = 512;
/** The largest size that fits the eleven octal digits of the header. */
const MOST_OCTAL = 0o77777777777;

export interface ArchiveSource {
  items(): AsyncIterable<ItemRecord>;
  item(path: Uint8Array): Promise<ItemRecord | undefined>;
  read(path: Uint8Array): AsyncIterable<Uint8Array>;
}

const TYPE_FLAGS: Readonly<Partial<Record<string, string>>> = {
  file: '0',
  object: '0',
  symlink: '2',
  directory: '5',
};

/**
 * Yields the archive. Names are relative to `root`. Devices, sockets and pipes are left out; a hard link comes as a
 * file of its own, so that a part of a tree is whole by itself.
 */
export async function* tarArchive(source: ArchiveSource, root: Uint8Array): AsyncGenerator<Uint8Array> {
  const prefix = root.lastIndexOf(0x2f) + 1;
  for await (const item of source.items()) {
    const flag = TYPE_FLAGS[item.type];
    const name = item.path.subarray(prefix);
    if (flag === undefined || name.length === 0) continue;
    const holder = item.hardLinkTo === undefined ? item : ((await source.item(item.hardLinkTo)) ?? item);
    const size = flag === '0' ? holder.sizeBytes : 0;
    yield* header(item, name, flag, size);
    if (flag === '0') yield* content(source.read(holder.path), size);
  }
  yield Buffer.alloc(BLOCK * 2);
}

async function* content(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const part of bytes) {
    sent += part.length;
    yield part;
  }
  // The header has promised this many; a shorter file would shift everything behind it.
  if (sent !== size) throw new Error(`An item of ${size} bytes gave ${sent} bytes.`);
  if (sent % BLOCK !== 0) yield Buffer.alloc(BLOCK - (sent % BLOCK));
}

function* header(item: ItemRecord, name: Uint8Array, flag: string, size: number): Generator<Uint8Array> {
  const slashed = flag === '5' ? Buffer.concat([name, Buffer.from('/')]) : Buffer.from(name);
  const target = flag === '2' ? Buffer.from(item.linkTarget ?? new Uint8Array()) : Buffer.alloc(0);
  const records = [
    ...(slashed.length > 100 ? [paxRecord('path', slashed)] : []),
    ...(target.length > 100 ? [paxRecord('linkpath', target)] : []),
    ...(size > MOST_OCTAL ? [paxRecord('size', Buffer.from(String(size)))] : []),
  ];
  if (records.length > 0) {
    const extended = Buffer.concat(records);
    yield block(Buffer.from('pax'), 'x', extended.length, item, Buffer.alloc(0));
    yield extended;
    if (extended.length % BLOCK !== 0) yield Buffer.alloc(BLOCK - (extended.length % BLOCK));
  }
  yield block(slashed, flag, size > MOST_OCTAL ? 0 : size, item, target);
}

/** `length key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function block(name: Buffer, flag: string, size: number, { metadata }: ItemRecord, target: Buffer): Buffer {
  const posix = metadata.posix;
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, width: number): void => {
    const digits = Math.max(0, value).toString(8);
    bytes.write(`${digits.length < width ? digits.padStart(width - 1, '0') : '0'.repeat(width - 1)}\0`, offset);
  };
  name.copy(bytes, 0, 0, 100);
  octal((posix?.mode ?? (flag === '5' ? 0o755 : 0o644)) & 0o7777, 100, 8);
  octal(posix?.uid ?? 0, 108, 8);
  octal(posix?.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(posix === undefined ? 0 : Number(posix.modifiedAtNs / 1_000_000_000n), 136, 12);
  bytes.fill(0x20, 148, 156);
  bytes.write(flag, 156);
  target.copy(bytes, 157, 0, 100);
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}
