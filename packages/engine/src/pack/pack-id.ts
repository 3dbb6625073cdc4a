import type { PackId } from '../authority/authority.ts';

export const PACK_ID_BYTES = 16;

/** Fence, data-key serial and 8 random bytes (docs/format/keys.md, "Pack ID"). */
export function makePackId(fence: number, dataKeySerial: number, random: Uint8Array): Buffer {
  const id = Buffer.alloc(PACK_ID_BYTES);
  id.writeUInt32BE(fence >>> 0, 0);
  id.writeUInt32BE(dataKeySerial >>> 0, 4);
  id.set(random.subarray(0, 8), 8);
  return id;
}

export function packIdText(id: Uint8Array): PackId {
  return Buffer.from(id.buffer, id.byteOffset, PACK_ID_BYTES).toString('hex');
}

export function packIdBytes(id: PackId): Buffer {
  return Buffer.from(id, 'hex');
}

export function dataKeySerialOfPack(id: Uint8Array): number {
  return Buffer.from(id.buffer, id.byteOffset, PACK_ID_BYTES).readUInt32BE(4);
}

export function fenceOfPack(id: Uint8Array): number {
  return Buffer.from(id.buffer, id.byteOffset, PACK_ID_BYTES).readUInt32BE(0);
}

/** Name of a pack in the store. */
export function packKey(id: PackId): string {
  return `packs/${id.slice(-2)}/${id}`;
}
