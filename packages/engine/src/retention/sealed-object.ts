import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { checkEnvelope, ENVELOPE_BYTES, type ObjectType, writeEnvelope } from '../codec/envelope.ts';
import { seal, unseal } from '../crypt/aead.ts';
import { EngineError } from '../engine-error.ts';

const SALT_BYTES = 16;
const NONCE = Buffer.alloc(12);

/** What every sealed object says in clear. */
export interface SealedObjectHeader {
  readonly vaultId: string;
  readonly dataKeySerial: number;
}

/** Derives the key of one object from a data key and the object's salt. */
export type SealingKey = (dataKey: Uint8Array, salt: Uint8Array) => Uint8Array;

/**
 * Envelope, length and JSON of a clear header, salt, length and ciphertext; the ciphertext authenticates all before it
 * (docs/format/points.md). @param salt 16 random bytes, new for each object (F-17)
 */
export function encodeSealedObject(
  type: ObjectType,
  header: SealedObjectHeader,
  plain: Uint8Array,
  key: { readonly dataKey: Uint8Array; readonly salt: Uint8Array; readonly derive: SealingKey },
): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const writer = new ByteWriter(plain.length + json.length + 64);
  writeEnvelope(writer, type);
  writer
    .u32(json.length)
    .raw(json)
    .raw(key.salt)
    .u32(plain.length + 16);
  const sealed = seal(key.derive(key.dataKey, key.salt), NONCE, writer.view(), plain);
  return writer.raw(sealed).take();
}

/** A sealed object whose clear part was read and not yet trusted. */
export interface ClosedObject<Header> {
  readonly header: Header;
  readonly salt: Buffer;
  readonly associated: Buffer;
  readonly sealed: Buffer;
}

/** Reads the clear part; nothing in it is verified before `openSealedObject`. @throws EngineError `damaged`, `unsupported` */
export function readSealedObject<Header extends SealedObjectHeader>(
  type: ObjectType,
  bytes: Uint8Array,
  name: string,
): ClosedObject<Header> {
  checkEnvelope(bytes, type, name);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new ByteReader(view, ENVELOPE_BYTES);
  try {
    const json = reader.raw(reader.u32()).toString('utf8');
    const salt = reader.raw(SALT_BYTES);
    const sealedBytes = reader.u32();
    const associated = view.subarray(0, reader.position);
    const sealed = reader.raw(sealedBytes);
    if (reader.remaining !== 0) throw new EngineError('damaged', `${name} has bytes behind its end`);
    return { header: JSON.parse(json) as Header, salt, associated, sealed };
  } catch (error) {
    throw new EngineError('damaged', `${name} is damaged`, { cause: error });
  }
}

/** @throws EngineError `damaged` when it does not verify under this key */
export function openSealedObject(
  object: ClosedObject<unknown>,
  dataKey: Uint8Array,
  derive: SealingKey,
  name: string,
): Buffer {
  const plain = unseal(derive(dataKey, object.salt), NONCE, object.associated, object.sealed);
  if (plain === undefined) throw new EngineError('damaged', `${name} does not verify: it was changed or damaged`);
  return plain;
}
