/** A golden vault with all that it holds, and where each content lies: what the second reader finds while it is whole. */
import { join } from 'node:path';
import { extractGolden, GOLDEN_ARCHIVES, unwrapWith } from '../second-reader/golden-archive.ts';
import { items, mapExtents, readContent } from '../second-reader/item-reader.ts';
import { type ChunkReader, type Reference, rootOf, SealedVault } from '../second-reader/sealed-vault.ts';

/** Bytes of an object: frames of packs. */
export interface Place {
  readonly object: string;
  readonly offset: number;
  readonly length: number;
}

export interface GoldenContent {
  readonly recoveryPointId: string;
  readonly pointObject: string;
  /** Of a file, latin1; undefined for an image. */
  readonly path: string | undefined;
  readonly bytes: Buffer;
  /** Every frame that reading it needs. */
  readonly frames: readonly Place[];
  /** Some frame was moved, so that the index is needed to find it. */
  readonly needsIndex: boolean;
}

export interface GoldenVault {
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly keyFile: string;
  readonly contents: readonly GoldenContent[];
  /** Names of the objects of recovery points. */
  readonly points: readonly string[];
}

/** Remembers where each chunk was found. */
class Tracing implements ChunkReader {
  readonly frames = new Map<string, Place>();
  needsIndex = false;
  readonly #vault: SealedVault;

  constructor(vault: SealedVault) {
    this.#vault = vault;
  }

  chunk(kind: number, reference: Reference): Buffer {
    const { packId, offset, frameLength: length } = this.#vault.place(reference);
    if (packId !== reference.packId) this.needsIndex = true;
    const object = `packs/${packId.slice(-2)}/${packId}`;
    this.frames.set(`${object} ${offset}`, { object, offset, length });
    return this.#vault.chunk(kind, reference);
  }
}

/** @param directory an empty one, where the archive is unpacked */
export async function openGolden(directory: string, name: string): Promise<GoldenVault> {
  const { objects, keyFile } = extractGolden(directory, join(GOLDEN_ARCHIVES, `${name}.tar.gz`));
  const points = [...objects.keys()].filter((object) => object.startsWith('points/'));
  const vault = await SealedVault.open((object) => objects.get(object), [...objects.keys()], unwrapWith(keyFile));
  return { objects, keyFile, points, contents: points.flatMap((point) => [...contentsOf(vault, point)]) };
}

/** Everything that can be read of one recovery point. @throws Error at the first thing that cannot */
export function* contentsOf(vault: SealedVault, pointObject: string): Generator<GoldenContent> {
  const body = vault.point(pointObject);
  const recoveryPointId = String(body['recoveryPointId']);
  const tree = new Tracing(vault);
  if (body['content'] === 'image') {
    const bytes = imageOf(tree, rootOf(body));
    yield { recoveryPointId, pointObject, path: undefined, bytes, ...found(tree) };
    return;
  }
  const all = [...items(tree, rootOf(body))];
  for (const item of all) {
    if (item.type !== 'file' || item.hardLinkTo !== undefined) continue;
    const own = new Tracing(vault);
    const bytes = readContent(own, item);
    yield { recoveryPointId, pointObject, path: item.path, bytes, ...found(tree, own) };
  }
}

function imageOf(vault: ChunkReader, root: Reference): Buffer {
  const blocks = [...mapExtents(vault, root)].map(({ length, data }) =>
    data === undefined ? Buffer.alloc(length) : vault.chunk(1, data.chunk).subarray(data.offset, data.offset + length),
  );
  return Buffer.concat(blocks);
}

function found(...traces: readonly Tracing[]): Pick<GoldenContent, 'frames' | 'needsIndex'> {
  return {
    frames: traces.flatMap(({ frames }) => [...frames.values()]),
    needsIndex: traces.some(({ needsIndex }) => needsIndex),
  };
}
