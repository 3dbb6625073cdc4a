import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { PackId, PackUse } from '../authority/authority.ts';
import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import type { ChunkRefJson } from '../content/chunk-ref.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES, packIdBytes, packIdText } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import type {
  PolicyFacts,
  RecoveryPointOutcome,
  RecoveryPointRetention,
  RecoveryPointStatistics,
} from './recovery-point.ts';
import { encodeSealedObject, openSealedObject, readSealedObject } from './sealed-object.ts';

/** The part of a recovery-point object that needs no key (docs/format/points.md). */
export interface PointHeader {
  readonly recoveryPointId: string;
  readonly vaultId: string;
  readonly fence: number;
  readonly dataKeySerial: number;
  readonly createdAt: number;
  readonly keepUntilAt?: number;
  readonly lockedUntilAt?: number;
}

/** The sealed part. */
export interface PointBody {
  readonly recoveryPointId: string;
  readonly parentId?: string;
  readonly createdAt: number;
  readonly retention: RecoveryPointRetention;
  readonly facts: PolicyFacts;
  readonly content: 'items' | 'image' | 'log';
  readonly chunking: Readonly<Record<string, number>>;
  /** Absent when there is nothing. */
  readonly root?: ChunkRefJson;
  readonly height: number;
  readonly issues: readonly ChunkRefJson[];
  readonly segments: readonly string[];
  readonly statistics: RecoveryPointStatistics;
  readonly outcome: RecoveryPointOutcome;
}

export interface PointPackUse extends PackUse {
  readonly kind: PackKind;
}

export interface PointObject {
  readonly header: PointHeader;
  readonly body: PointBody;
  /** In order of pack ID. */
  readonly uses: readonly PointPackUse[];
}

/** Identifier as it stands in object names: characters outside `a-z0-9-` become `_` and their ASCII code. */
export function pointName(recoveryPointId: string): string {
  return recoveryPointId.replace(/[^a-z0-9-]/g, (character) => {
    return `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Name of a recovery-point object in the store. */
export function pointKey(recoveryPointId: string, fence: number): string {
  return `points/${pointName(recoveryPointId)}.${fence.toString(16).padStart(8, '0')}`;
}

/** Identifier and fence of an object's name; undefined for names of other things. */
export function parsePointKey(key: string): { readonly recoveryPointId: string; readonly fence: number } | undefined {
  const match = /^points\/([a-z0-9_-]+)\.([0-9a-f]{8})$/.exec(key);
  if (match === null) return undefined;
  const [, name = '', fence = ''] = match;
  const recoveryPointId = name.replace(/_([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return { recoveryPointId, fence: Number.parseInt(fence, 16) };
}

/** @param salt 16 random bytes, new for each object (F-17) */
export function encodePoint(point: PointObject, dataKey: Uint8Array, salt: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(point.body), 'utf8');
  const writer = new ByteWriter(json.length + point.uses.length * 25 + 16);
  writer.u32(json.length).raw(json).u32(point.uses.length);
  for (const { packId, kind, usedBytes } of point.uses) {
    writer
      .raw(packIdBytes(packId))
      .u8(kind === 'data' ? 1 : 2)
      .u64(usedBytes);
  }
  const key = { dataKey, salt, derive: derivedKeys.point };
  return encodeSealedObject('point', point.header, zstdCompressSync(writer.view()), key);
}

/** Reads the clear header, for audits without keys; it is not verified. */
export function readPointHeader(bytes: Uint8Array, name: string): PointHeader {
  return readSealedObject<PointHeader>('point', bytes, name).header;
}

/**
 * Opens a recovery-point object and checks that it is the one that its name says.
 * @throws EngineError `damaged`, `unsupported`
 */
export async function openPoint(
  bytes: Uint8Array,
  name: string,
  vaultId: string,
  dataKeyOf: (serial: number) => Promise<Uint8Array>,
): Promise<PointObject> {
  const closed = readSealedObject<PointHeader>('point', bytes, name);
  const { header } = closed;
  const dataKey = await dataKeyOf(header.dataKeySerial);
  const plain = zstdDecompressSync(openSealedObject(closed, dataKey, derivedKeys.point, name));
  if (header.vaultId !== vaultId || pointKey(header.recoveryPointId, header.fence) !== name) {
    throw new EngineError('damaged', `${name} holds recovery point ${header.recoveryPointId} of another name or vault`);
  }
  const reader = new ByteReader(plain);
  const body = JSON.parse(reader.raw(reader.u32()).toString('utf8')) as PointBody;
  const uses: PointPackUse[] = [];
  for (let count = reader.u32(); count > 0; count -= 1) uses.push(readUse(reader));
  return { header, body, uses };
}

function readUse(reader: ByteReader): PointPackUse {
  const packId: PackId = packIdText(reader.raw(PACK_ID_BYTES));
  const kind: PackKind = reader.u8() === 1 ? 'data' : 'tree';
  return { packId, kind, usedBytes: reader.u64() };
}
