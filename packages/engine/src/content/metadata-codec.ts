import { ByteReader } from '../codec/byte-reader.ts';
import type { ByteWriter } from '../codec/byte-writer.ts';
import type { ExtendedAttribute, ItemMetadata, PosixMetadata } from './item-record.ts';

/** Bits of the metadata block (docs/format/trees.md, "Metadata"). */
const POSIX = 1;
const XATTRS = 2;
const EXTRA = 4;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function writePosix(writer: ByteWriter, posix: PosixMetadata): void {
  const { owner, group, accessedAtNs, changedAtNs, createdAtNs, inode, device, linkCount } = posix;
  const optional = [owner, group, accessedAtNs, changedAtNs, createdAtNs, inode, device, linkCount];
  writer.uvarint(posix.mode).uvarint(posix.uid).uvarint(posix.gid);
  writer.u8(optional.reduce<number>((bits, value, bit) => (value === undefined ? bits : bits | (1 << bit)), 0));
  writer.i64(posix.modifiedAtNs);
  if (owner !== undefined) writer.text(owner);
  if (group !== undefined) writer.text(group);
  if (accessedAtNs !== undefined) writer.i64(accessedAtNs);
  if (changedAtNs !== undefined) writer.i64(changedAtNs);
  if (createdAtNs !== undefined) writer.i64(createdAtNs);
  if (inode !== undefined) writer.i64(BigInt.asIntN(64, inode));
  if (device !== undefined) writer.i64(BigInt.asIntN(64, device));
  if (linkCount !== undefined) writer.uvarint(linkCount);
}

function readPosix(reader: ByteReader): PosixMetadata {
  const mode = reader.uvarint();
  const uid = reader.uvarint();
  const gid = reader.uvarint();
  const bits = reader.u8();
  const posix: Mutable<PosixMetadata> = { mode, uid, gid, modifiedAtNs: reader.i64() };
  if (bits & 1) posix.owner = reader.text();
  if (bits & 2) posix.group = reader.text();
  if (bits & 4) posix.accessedAtNs = reader.i64();
  if (bits & 8) posix.changedAtNs = reader.i64();
  if (bits & 16) posix.createdAtNs = reader.i64();
  if (bits & 32) posix.inode = BigInt.asUintN(64, reader.i64());
  if (bits & 64) posix.device = BigInt.asUintN(64, reader.i64());
  if (bits & 128) posix.linkCount = reader.uvarint();
  return posix;
}

/** Writes the metadata block: presence bits, then the sections that are there. */
export function writeMetadata(writer: ByteWriter, metadata: ItemMetadata): void {
  const { posix, xattrs, extra } = metadata;
  const hasXattrs = xattrs !== undefined && xattrs.length > 0;
  const sections = Object.entries(extra ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  writer.u8((posix ? POSIX : 0) | (hasXattrs ? XATTRS : 0) | (sections.length > 0 ? EXTRA : 0));
  if (posix) writePosix(writer, posix);
  if (hasXattrs) {
    writer.uvarint(xattrs.length);
    for (const { name, value } of xattrs) writer.bytes(name).bytes(value);
  }
  if (sections.length > 0) {
    writer.uvarint(sections.length);
    for (const [name, value] of sections) writer.text(name).bytes(value);
  }
}

export function readMetadata(bytes: Buffer): ItemMetadata {
  const reader = new ByteReader(bytes);
  const metadata: Mutable<ItemMetadata> = {};
  const bits = reader.u8();
  if (bits & POSIX) metadata.posix = readPosix(reader);
  if (bits & XATTRS) {
    const xattrs: ExtendedAttribute[] = [];
    for (let count = reader.uvarint(); count > 0; count -= 1) {
      xattrs.push({ name: reader.bytes(), value: reader.bytes() });
    }
    metadata.xattrs = xattrs;
  }
  if (bits & EXTRA) {
    const extra: Record<string, Uint8Array> = {};
    for (let count = reader.uvarint(); count > 0; count -= 1) extra[reader.text()] = reader.bytes();
    metadata.extra = extra;
  }
  return metadata;
}
