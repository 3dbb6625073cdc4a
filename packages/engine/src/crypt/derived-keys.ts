import { hkdfSync } from 'node:crypto';

const EMPTY = new Uint8Array(0);

function derive(key: Uint8Array, salt: Uint8Array, info: string, count: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `holdfast/1 ${info}`, count));
}

/** The keys that docs/format/keys.md derives from a data key or the ID-domain key; never stored. */
export const derivedKeys = {
  chunkId: (idDomainKey: Uint8Array) => derive(idDomainKey, EMPTY, 'chunk-id', 32),
  gearTable: (idDomainKey: Uint8Array) => derive(idDomainKey, EMPTY, 'gear', 2048),
  pack: (dataKey: Uint8Array, packId: Uint8Array) => derive(dataKey, packId, 'pack', 32),
  index: (dataKey: Uint8Array, segmentId: Uint8Array) => derive(dataKey, segmentId, 'index', 32),
  record: (dataKey: Uint8Array, salt: Uint8Array) => derive(dataKey, salt, 'record', 32),
  point: (dataKey: Uint8Array, salt: Uint8Array) => derive(dataKey, salt, 'point', 32),
} as const;
