import { EngineError } from '../engine-error.ts';
import type { ByteWriter } from './byte-writer.ts';

export const ENVELOPE_BYTES = 8;
const MAGIC = 0x46444c48; // "HLDF"
const VERSION = 1;

const TYPES = { vault: 1, key: 2, pack: 3, segment: 4, point: 5, record: 6 } as const;
export type ObjectType = keyof typeof TYPES;

/** Writes the eight bytes with which every object begins (docs/format, "Envelope"). */
export function writeEnvelope(writer: ByteWriter, type: ObjectType): void {
  writer.u32(MAGIC).u8(TYPES[type]).u8(VERSION).u16(0);
}

/**
 * Checks an object's first bytes.
 * @throws EngineError `unsupported` for a newer version or unknown feature (F-2), `damaged` for anything else (F-3)
 */
export function checkEnvelope(bytes: Uint8Array, type: ObjectType, name: string): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < ENVELOPE_BYTES || view.readUInt32LE(0) !== MAGIC || view[4] !== TYPES[type]) {
    throw new EngineError('damaged', `${name} is not a ${type} object of a vault`);
  }
  const version = view[5] ?? 0;
  const features = view.readUInt16LE(6);
  if (version > VERSION || features !== 0) {
    throw new EngineError(
      'unsupported',
      `${name} was written by a newer Holdfast (format ${version}, features ${features}); upgrade to read it`,
    );
  }
  if (version === 0) throw new EngineError('damaged', `${name} has no format version`);
}
