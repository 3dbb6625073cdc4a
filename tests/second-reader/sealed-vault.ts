/**
 * Objects, keys and frames of a vault in a directory, written from docs/format alone (README, keys, packs, index) and
 * sharing no code with packages/engine. Slow and plain: this is the definition's echo, not a tool.
 */
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { crc32, zstdDecompressSync } from 'node:zlib';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { ByteReader } from './byte-reader.ts';

export interface Reference {
  /** The first 24 bytes of the chunk ID, hexadecimal. */
  readonly chunkId: string;
  readonly packId: string;
  readonly offset: number;
  readonly frameLength: number;
  readonly plainLength: number;
}

/** Unwraps a key object with the provider's help: the one thing that the format leaves outside. */
export type Unwrap = (
  wrapped: { keyId: string; wrapped: Uint8Array },
  context: Record<string, string>,
) => Promise<Uint8Array>;

/** The bytes of an object; undefined when there is none of that name. */
export type ReadObject = (name: string) => Buffer | undefined;

/** What trees and contents need of a vault: the plain bytes of a chunk of a kind. */
export interface ChunkReader {
  chunk(kind: number, reference: Reference): Buffer;
}

export const blake3 = (...parts: Uint8Array[]): Buffer => {
  const hasher = new Blake3Hasher();
  for (const part of parts) hasher.update(Buffer.from(part));
  return hasher.digestBuffer();
};

function derive(key: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `holdfast/1 ${info}`, 32));
}

function nonce(number: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(number >>> 0);
  return bytes;
}

function unseal(key: Uint8Array, iv: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

/** Checks the envelope: F-2, F-3. */
export function checkEnvelope(object: Buffer, type: number, name: string): void {
  if (object.subarray(0, 4).toString() !== 'HLDF') throw new Error(`damaged: ${name} has no envelope`);
  if (object.readUInt8(5) !== 1 || object.readUInt16LE(6) !== 0) throw new Error(`unsupported: ${name}`);
  if (object.readUInt8(4) !== type) throw new Error(`damaged: ${name} is of another type`);
}

function jsonObject(object: Buffer, type: number, name: string): Record<string, string | number> {
  checkEnvelope(object, type, name);
  const length = object.readUInt32LE(8);
  if (crc32(object.subarray(0, 12 + length)) !== object.readUInt32LE(12 + length)) throw new Error(`damaged: ${name}`);
  return JSON.parse(object.subarray(12, 12 + length).toString()) as Record<string, string | number>;
}

export class SealedVault implements ChunkReader {
  readonly vaultId: string;
  readonly #read: ReadObject;
  readonly #dataKeys: ReadonlyMap<number, Uint8Array>;
  readonly #chunkIdKey: Buffer;
  readonly #packs = new Map<string, Buffer>();
  #indexed: Reference[] | undefined;
  readonly #indexNames: readonly string[];

  private constructor(vaultId: string, read: ReadObject, keys: Map<number, Uint8Array>, indexNames: readonly string[]) {
    this.vaultId = vaultId;
    this.#read = read;
    this.#dataKeys = keys;
    this.#indexNames = indexNames;
    const domain = keys.get(0);
    if (domain === undefined) throw new Error('the vault has no ID-domain key');
    this.#chunkIdKey = derive(domain, Buffer.alloc(0), 'chunk-id');
  }

  /** `names` are all object names in the vault. */
  static async open(read: ReadObject, names: readonly string[], unwrap: Unwrap): Promise<SealedVault> {
    const { vaultId = '' } = jsonObject(present(read, 'vault'), 1, 'vault');
    const keys = new Map<number, Uint8Array>();
    // Ascending names: of several generations the largest that unwraps stays (F-11).
    for (const name of names.filter((each) => each.startsWith('keys/')).sort()) {
      const { serial, keyId, wrapped } = jsonObject(present(read, name), 2, name);
      const context = { vaultId: String(vaultId), serial: String(serial) };
      const sealed = { keyId: String(keyId), wrapped: Buffer.from(String(wrapped), 'base64') };
      keys.set(Number(serial), await unwrap(sealed, context));
    }
    return new SealedVault(
      String(vaultId),
      read,
      keys,
      names.filter((each) => each.startsWith('index/')),
    );
  }

  dataKey(serial: number): Uint8Array {
    const key = this.#dataKeys.get(serial);
    if (key === undefined) throw new Error(`no key of serial ${serial}`);
    return key;
  }

  readObject(name: string): Buffer {
    return present(this.#read, name);
  }

  /** A chunk by its reference; a stale hint is mended by the index (F-52), the ID is proven (F-18). */
  chunk(kind: number, reference: Reference): Buffer {
    const plain = this.#frame(kind, this.place(reference));
    if (plain === undefined) throw new Error(`damaged: chunk ${reference.chunkId} is not where the index says`);
    return plain;
  }

  /** Where a chunk is now: where its reference says, or, when that pack is gone, where the index says. */
  place(reference: Reference): Reference {
    return this.#pack(reference.packId) === undefined ? this.#lookUp(reference.chunkId) : reference;
  }

  #frame(kind: number, at: Reference): Buffer | undefined {
    const frame = this.#pack(at.packId)?.subarray(at.offset, at.offset + at.frameLength);
    if (frame === undefined || frame.length < 32) return undefined;
    const magic = frame.subarray(0, 4).toString();
    if (magic !== 'HFF1' && magic !== 'HFM1') return undefined;
    const birthPack = magic === 'HFM1' ? frame.subarray(16, 32) : Buffer.from(at.packId, 'hex');
    const slot = frame.readUInt32LE(8);
    const key = derive(this.dataKey(birthPack.readUInt32BE(4)), birthPack, 'pack');
    const associated = Buffer.concat([Buffer.of(1, kind), birthPack, frame.subarray(8, 12)]);
    const sealed = frame.subarray(magic === 'HFM1' ? 32 : 16);
    if (sealed.length !== frame.readUInt32LE(4)) throw new Error(`damaged: frame at ${at.packId}:${at.offset}`);
    const content = unseal(key, nonce(slot), associated, sealed);
    const body = content.subarray(5);
    const plain = content.readUInt8(0) === 1 ? zstdDecompressSync(body) : body;
    const hasher = Blake3Hasher.newKeyed(this.#chunkIdKey);
    hasher.update(Buffer.of(kind)).update(plain);
    if (hasher.digestBuffer().subarray(0, 24).toString('hex') !== at.chunkId) {
      throw new Error(`damaged: chunk ${at.chunkId} holds something else`);
    }
    return plain;
  }

  #pack(packId: string): Buffer | undefined {
    const known = this.#packs.get(packId);
    if (known !== undefined) return known;
    const pack = this.#read(`packs/${packId.slice(-2)}/${packId}`);
    if (pack === undefined) return undefined;
    checkEnvelope(pack, 3, packId);
    verifyPack(pack, packId);
    this.#packs.set(packId, pack);
    return pack;
  }

  /** Segments overlap, and an older one may name packs that are gone (index.md). */
  #lookUp(chunkId: string): Reference {
    this.#indexed ??= this.#indexNames.flatMap((name) => this.#segment(this.readObject(name), name));
    const found = this.#indexed.find((entry) => entry.chunkId === chunkId && this.#pack(entry.packId) !== undefined);
    if (found === undefined) throw new Error(`damaged: chunk ${chunkId} is in no index segment and in no pack`);
    return found;
  }

  #segment(object: Buffer, name: string): Reference[] {
    checkEnvelope(object, 4, name);
    const segmentId = object.subarray(8, 24);
    const key = derive(this.dataKey(object.readUInt32LE(24)), segmentId, 'index');
    const section = (number: number): Buffer => {
      const at = 40 + (number - 1) * 16;
      return object.subarray(
        Number(object.readBigUInt64LE(at)),
        Number(object.readBigUInt64LE(at) + object.readBigUInt64LE(at + 8)),
      );
    };
    const open = (number: number, block: number, sealed: Buffer): Buffer => {
      const blockNumber = Buffer.alloc(4);
      blockNumber.writeUInt32LE(block);
      return unseal(
        key,
        nonce(number * 2 ** 28 + block),
        Buffer.concat([Buffer.of(1, number), segmentId, blockNumber]),
        sealed,
      );
    };
    const packs = open(1, 0, section(1));
    const [entries, pages] = [object.readUInt32LE(28), object.readUInt32LE(36)];
    const pageBytes = 113 * 36 + 16;
    const plain = Buffer.concat(
      Array.from({ length: pages }, (_, page) =>
        open(4, page, section(4).subarray(page * pageBytes, (page + 1) * pageBytes)),
      ),
    );
    return Array.from({ length: entries }, (_, index) => {
      const entry = plain.subarray(index * 36, (index + 1) * 36);
      const packId = packs.subarray(entry.readUInt32LE(24) * 72, entry.readUInt32LE(24) * 72 + 16).toString('hex');
      const chunkId = entry.subarray(0, 24).toString('hex');
      return { chunkId, packId, offset: entry.readUInt32LE(28), frameLength: entry.readUInt32LE(32), plainLength: 0 };
    });
  }

  /** Opens a recovery-point object: its JSON body (points.md). */
  point(name: string): Record<string, unknown> {
    const object = this.readObject(name);
    checkEnvelope(object, 5, name);
    const headerEnd = 12 + object.readUInt32LE(8);
    const header = JSON.parse(object.subarray(12, headerEnd).toString()) as PointHeader;
    if (pointName(header) !== name) throw new Error(`damaged: ${name} holds ${pointName(header)}`);
    const salt = object.subarray(headerEnd, headerEnd + 16);
    const key = derive(this.dataKey(header.dataKeySerial), salt, 'point');
    const sealedAt = headerEnd + 20;
    const sealed = object.subarray(sealedAt, sealedAt + object.readUInt32LE(headerEnd + 16));
    const plain = new ByteReader(
      zstdDecompressSync(unseal(key, Buffer.alloc(12), object.subarray(0, sealedAt), sealed)),
    );
    return JSON.parse(plain.take(plain.u32()).toString()) as Record<string, unknown>;
  }
}

interface PointHeader {
  readonly recoveryPointId: string;
  readonly fence: number;
  readonly dataKeySerial: number;
}

function present(read: ReadObject, name: string): Buffer {
  const object = read(name);
  if (object === undefined) throw new Error(`damaged: ${name} is gone`);
  return object;
}

/** The object's name, which its authenticated header must agree with: README, "Object names". */
function pointName({ recoveryPointId, fence }: PointHeader): string {
  const escaped = recoveryPointId.replace(/[^a-z0-9-]/g, (c) => `_${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `points/${escaped}.${fence.toString(16).padStart(8, '0')}`;
}

/** Leaves, root and checksums of a pack, which need no key (F-22). */
function verifyPack(pack: Buffer, packId: string): void {
  const footer = pack.subarray(-64);
  const [leavesAt, leafCount] = [footer.readUInt32LE(16), footer.readUInt32LE(20)];
  const leaves = pack.subarray(leavesAt, leavesAt + leafCount * 32);
  const isWhole =
    footer.subarray(0, 8).toString() === 'HLDFPEND' &&
    crc32(footer.subarray(0, 60)) === footer.readUInt32LE(60) &&
    crc32(pack.subarray(0, -64)) === footer.readUInt32LE(56) &&
    blake3(leaves).equals(footer.subarray(24, 56)) &&
    pack.subarray(8, 24).toString('hex') === packId;
  if (!isWhole) throw new Error(`damaged: pack ${packId}`);
  for (let leaf = 0; leaf < leafCount; leaf += 1) {
    const bytes = pack.subarray(leaf * 65_536, Math.min((leaf + 1) * 65_536, leavesAt));
    if (!blake3(bytes).equals(leaves.subarray(leaf * 32, leaf * 32 + 32)))
      throw new Error(`damaged: leaf ${leaf} of ${packId}`);
  }
}

/** The root of a recovery point; in JSON `[chunk ID, pack ID, offset, frame length, plain length]` (points.md). */
export function rootOf(body: Record<string, unknown>): Reference {
  const [chunkId = '', packId = '', offset = 0, frameLength = 0, plainLength = 0] = body['root'] as [
    string,
    string,
    number,
    number,
    number,
  ];
  return { chunkId: chunkId.slice(0, 48), packId, offset, frameLength, plainLength };
}
