import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { PackUse } from '../authority/authority.ts';
import type { ChunkParameters } from '../chunk/chunk-parameters.ts';
import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { checkEnvelope, ENVELOPE_BYTES, writeEnvelope } from '../codec/envelope.ts';
import type { ChunkRefJson } from '../content/chunk-ref.ts';
import { numberedNonce, seal, unseal } from '../crypt/aead.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES, packIdBytes, packIdText } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import type { RecoveryPointSummary } from './recovery-point.ts';

const SALT_BYTES = 16;

/** The clear header: authenticated, readable without keys. */
export interface PointHeader {
  readonly recoveryPointId: string;
  readonly vaultId: string;
  readonly fence: number;
  readonly dataKeySerial: number;
  readonly createdAt: number;
  readonly keepUntilAt?: number;
  readonly lockedUntilAt?: number;
}

/** The sealed body, without the uses. */
export interface PointBody extends RecoveryPointSummary {
  readonly chunking: ChunkParameters | { readonly blockBytes: number };
  /** Absent when there are no items. */
  readonly root?: ChunkRefJson;
  readonly height: number;
  /** Of an image. */
  readonly sizeBytes?: number;
  readonly issues: readonly ChunkRefJson[];
  readonly segments: readonly string[];
}

export interface PointPackUse extends PackUse {
  readonly kind: PackKind;
  readonly sizeBytes: number;
}

/** A recovery point as its object holds it (docs/format/points.md). */
export interface PointObject {
  readonly header: PointHeader;
  readonly body: PointBody;
  readonly uses: readonly PointPackUse[];
}

const IDENTIFIER = /^[A-Za-z0-9._:-]{1,64}$/;

/** @throws EngineError `invalid-argument` for an identifier that cannot be a name in a store */
export function checkRecoveryPointId(recoveryPointId: string): void {
  if (!IDENTIFIER.test(recoveryPointId)) {
    throw new EngineError(
      'invalid-argument',
      `a recovery point identifier has 1 to 64 characters of A-Z a-z 0-9 . _ : -, not ${JSON.stringify(recoveryPointId)}`,
    );
  }
}

/** Name of a recovery point's object. */
export function pointKey(recoveryPointId: string, fence: number): string {
  const name = recoveryPointId.replace(
    /[^a-z0-9-]/g,
    (character) => `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `points/${name}.${fence.toString(16).padStart(8, '0')}`;
}

function encodePlain(body: PointBody, uses: readonly PointPackUse[]): Buffer {
  const json = Buffer.from(JSON.stringify(body), 'utf8');
  const writer = new ByteWriter(json.length + uses.length * 25 + 16);
  writer.u32(json.length).raw(json).u32(uses.length);
  for (const { packId, kind, sizeBytes, usedBytes } of uses) {
    writer
      .raw(packIdBytes(packId))
      .u8(kind === 'data' ? 1 : 2)
      .u32(sizeBytes)
      .u32(usedBytes);
  }
  return zstdCompressSync(writer.view(), { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

function decodePlain(bytes: Buffer): { readonly body: PointBody; readonly uses: readonly PointPackUse[] } {
  const reader = new ByteReader(zstdDecompressSync(bytes));
  const body = JSON.parse(reader.raw(reader.u32()).toString('utf8')) as PointBody;
  const uses: PointPackUse[] = [];
  for (let count = reader.u32(); count > 0; count -= 1) {
    const packId = packIdText(reader.raw(PACK_ID_BYTES));
    const kind = reader.u8() === 1 ? 'data' : 'tree';
    uses.push({ packId, kind, sizeBytes: reader.u32(), usedBytes: reader.u32() });
  }
  return { body, uses };
}

/** @param salt 16 new random bytes (F-17) */
export function encodePoint(point: PointObject, dataKey: Uint8Array, salt: Uint8Array): Buffer {
  const header = Buffer.from(JSON.stringify(point.header), 'utf8');
  const plain = encodePlain(point.body, point.uses);
  const front = new ByteWriter(header.length + 64);
  writeEnvelope(front, 'point');
  front
    .u32(header.length)
    .raw(header)
    .raw(salt.subarray(0, SALT_BYTES))
    .u32(plain.length + 16);
  const sealed = seal(derivedKeys.point(dataKey, salt.subarray(0, SALT_BYTES)), numberedNonce(0), front.view(), plain);
  return Buffer.concat([front.view(), sealed]);
}

/** The part that is readable without keys. @throws EngineError `damaged` or `unsupported` */
export function decodePointHeader(bytes: Buffer, name: string): PointHeader {
  checkEnvelope(bytes, 'point', name);
  const reader = new ByteReader(bytes, ENVELOPE_BYTES);
  return JSON.parse(reader.raw(reader.u32()).toString('utf8')) as PointHeader;
}

/** @throws EngineError `damaged` or `unsupported` */
export async function decodePoint(
  bytes: Buffer,
  name: string,
  dataKeyOf: (serial: number) => Promise<Uint8Array>,
): Promise<PointObject> {
  const header = decodePointHeader(bytes, name);
  if (pointKey(header.recoveryPointId, header.fence) !== name) {
    throw new EngineError('damaged', `${name} holds the recovery point of another name`);
  }
  const reader = new ByteReader(bytes, ENVELOPE_BYTES);
  reader.raw(reader.u32());
  const salt = reader.raw(SALT_BYTES);
  const sealedBytes = reader.u32();
  const associated = bytes.subarray(0, reader.position);
  const key = derivedKeys.point(await dataKeyOf(header.dataKeySerial), salt);
  const plain = unseal(key, numberedNonce(0), associated, reader.raw(sealedBytes));
  if (plain === undefined || reader.remaining !== 0) throw new EngineError('damaged', `${name} does not verify`);
  return { header, ...decodePlain(plain) };
}
