import type { PackUse } from '../authority/authority.ts';
import type { ChunkKind } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { FRAME_OVERHEAD_BYTES, sealFrame } from '../pack/frame.ts';
import { makePackId, packIdText } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import { type FinishedPack, type FrameForPack, finishPack } from './moved-pack.ts';

export interface PackTarget {
  readonly kind: PackKind;
  readonly cohortUntilAt?: number;
  readonly targetPackBytes: number;
}

/** A chunk in plain, to be sealed for the pack that it comes into. */
export interface PlainChunk {
  /** All 32 bytes. */
  readonly chunkId: Buffer;
  readonly kind: ChunkKind;
  readonly plain: Uint8Array;
}

interface OpenPack {
  readonly packId: Buffer;
  readonly packKey: Uint8Array;
  readonly frames: FrameForPack[];
  bytes: number;
  /** The next slot of this pack; moved frames keep the slot of their birth and take none. */
  nextSlot: number;
}

interface Place {
  readonly packId: string;
  readonly frameBytes: number;
}

/** Distributes frames over new packs; each chunk comes in once. All in memory: the caller bounds what it puts in. */
export class PackFiller {
  readonly #random: (count: number) => Uint8Array;
  readonly #target: PackTarget;
  readonly #fence: number;
  readonly #dataKey: { readonly serial: number; readonly key: Uint8Array };
  readonly #packs: OpenPack[] = [];
  readonly #places = new Map<string, Place>();

  constructor(
    { random }: { readonly random: (count: number) => Uint8Array },
    target: PackTarget,
    fence: number,
    dataKey: { readonly serial: number; readonly key: Uint8Array },
  ) {
    this.#random = random;
    this.#target = target;
    this.#fence = fence;
    this.#dataKey = dataKey;
  }

  /** Where a chunk lies that came in before. */
  place(chunkId: Buffer): Place | undefined {
    return this.#places.get(chunkId.toString('latin1'));
  }

  /** Takes a frame that is ready. @returns which new pack has it, with the bytes that it takes there */
  add(frame: FrameForPack): PackUse {
    return use(this.place(frame.chunkId) ?? this.#put(this.#openPack(), frame));
  }

  /** Seals a chunk and takes it. */
  seal({ chunkId, kind, plain }: PlainChunk): PackUse {
    const known = this.place(chunkId);
    if (known !== undefined) return use(known);
    const pack = this.#openPack();
    const target = Buffer.allocUnsafe(plain.length + FRAME_OVERHEAD_BYTES + 1024);
    const length = sealFrame(target, 0, pack.packKey, pack.packId, pack.nextSlot, kind, plain, 1);
    pack.nextSlot += 1;
    return use(this.#put(pack, { chunkId, kind, plainBytes: plain.length, frame: target.subarray(0, length) }));
  }

  #put(pack: OpenPack, frame: FrameForPack): Place {
    pack.frames.push(frame);
    pack.bytes += frame.frame.length;
    const place = { packId: packIdText(pack.packId), frameBytes: frame.frame.length };
    this.#places.set(frame.chunkId.toString('latin1'), place);
    return place;
  }

  #openPack(): OpenPack {
    const last = this.#packs.at(-1);
    if (last !== undefined && last.bytes < this.#target.targetPackBytes) return last;
    const packId = makePackId(this.#fence, this.#dataKey.serial, this.#random(8));
    const packKey = derivedKeys.pack(this.#dataKey.key, packId);
    const pack: OpenPack = { packId, packKey, frames: [], bytes: 0, nextSlot: 0 };
    this.#packs.push(pack);
    return pack;
  }

  /** Closes all packs. */
  finish(): readonly FinishedPack[] {
    const { kind, cohortUntilAt = 0 } = this.#target;
    return this.#packs.map(({ packId, packKey, frames }) =>
      finishPack({ packId, kind, cohortUntilAt }, packKey, frames),
    );
  }
}

function use({ packId, frameBytes }: Place): PackUse {
  return { packId, usedBytes: frameBytes };
}
