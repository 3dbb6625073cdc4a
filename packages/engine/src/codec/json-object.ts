import { crc32 } from 'node:zlib';
import { EngineError } from '../engine-error.ts';
import { ByteWriter } from './byte-writer.ts';
import { checkEnvelope, ENVELOPE_BYTES, type ObjectType, writeEnvelope } from './envelope.ts';

/** Envelope, length, JSON, CRC-32: the form of the vault header and of wrapped keys. */
export function encodeJsonObject(type: ObjectType, value: object): Buffer {
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  const writer = new ByteWriter(json.length + 16);
  writeEnvelope(writer, type);
  writer.u32(json.length).raw(json);
  return writer.u32(crc32(writer.view())).take();
}

/** @throws EngineError `damaged` or `unsupported` */
export function decodeJsonObject(type: ObjectType, bytes: Uint8Array, name: string): Record<string, unknown> {
  checkEnvelope(bytes, type, name);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = ENVELOPE_BYTES + 4;
  const end = view.length < from ? 0 : from + view.readUInt32LE(ENVELOPE_BYTES);
  if (end + 4 !== view.length || crc32(view.subarray(0, end)) !== view.readUInt32LE(end)) {
    throw new EngineError('damaged', `${name} is damaged: its checksum does not match`);
  }
  try {
    const value: unknown = JSON.parse(view.toString('utf8', from, end));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    // A checksum is no seal: who changes the text can make it match.
    throw new EngineError('damaged', `${name} is damaged: it holds no JSON`, { cause: error });
  }
  throw new EngineError('damaged', `${name} is damaged: it holds no object`);
}
