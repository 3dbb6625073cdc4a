import type { Authority, PackId, WriteLease } from '../authority/authority.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ChunkIndex } from '../index/chunk-index.ts';
import type { IndexedLocation } from '../index/segment-reader.ts';

/**
 * Answers which chunks the vault holds already, and makes the answer stay true: the pack of a known chunk is pinned for
 * this writer (F-73). That its parent needs the same pack is not enough: collection may move out of it what the parent
 * needs, and the chunk in question need not be among that.
 */
export class KnownChunks {
  readonly #index: ChunkIndex;
  readonly #authority: Authority;
  readonly #lease: () => WriteLease;
  readonly #safe = new Set<PackId>();
  /** Nodes of the parent's trees: an unchanged backup asks for nothing else, and so needs no index. */
  readonly #parentNodes = new Map<string, ChunkRef>();
  /** Sizes of the packs of others that were referred to. */
  readonly sizes = new Map<PackId, number>();
  readonly #refused = new Set<PackId>();

  constructor(index: ChunkIndex, authority: Authority, lease: () => WriteLease) {
    this.#index = index;
    this.#authority = authority;
    this.#lease = lease;
  }

  addParentNode(ref: ChunkRef): void {
    this.#parentNodes.set(ref.chunkId.toString('latin1'), ref);
  }

  parentNode(id: Buffer): ChunkRef | undefined {
    return this.#parentNodes.get(id.toString('latin1'));
  }

  /** False: certainly new. */
  mayHold(id: Buffer): boolean {
    return this.#index.mayHold(id);
  }

  /** Looks chunks up. @returns in the same order, undefined for what is new or can no longer be relied on */
  async find(
    wanted: readonly { readonly id: Buffer; readonly plainBytes: number }[],
  ): Promise<readonly (ChunkRef | undefined)[]> {
    const places = await Promise.all(wanted.map(({ id }) => this.#index.find(id)));
    await this.#pin(places.flat());
    return wanted.map(({ id, plainBytes }, index) => {
      const place = places[index]?.find(({ pack }) => this.#safe.has(pack.packId));
      if (place === undefined) return undefined;
      const { pack, offset, frameBytes } = place;
      this.sizes.set(pack.packId, pack.sizeBytes);
      return { chunkId: id, packId: pack.packId, offset, frameBytes, plainBytes };
    });
  }

  async #pin(places: readonly IndexedLocation[]): Promise<void> {
    const undecided = new Set<PackId>();
    for (const { pack } of places) {
      if (!this.#safe.has(pack.packId) && !this.#refused.has(pack.packId)) undecided.add(pack.packId);
    }
    if (undecided.size === 0) return;
    for (const packId of await this.#authority.pinPacks(this.#lease(), [...undecided])) this.#safe.add(packId);
    for (const packId of undecided) if (!this.#safe.has(packId)) this.#refused.add(packId);
  }
}
