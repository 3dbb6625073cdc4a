import type { PackId } from '../authority/authority.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import type { PointPackUse } from '../point/point-object.ts';

const RECENT = 4096;

/** Counts what a recovery point needs of each pack (F-50): never a pack too few, bytes rather too many. */
export class PackUses {
  readonly #uses = new Map<PackId, { kind: PackKind; usedBytes: number }>();
  /** Chunks seen lately: neighbours share chunks, and each chunk should count once. */
  readonly #recent = new Set<string>();

  add(ref: ChunkRef, kind: PackKind): void {
    const place = `${ref.packId}${ref.offset}`;
    if (this.#recent.has(place)) return;
    this.#recent.add(place);
    if (this.#recent.size > RECENT) {
      const oldest = this.#recent.values().next();
      if (!oldest.done) this.#recent.delete(oldest.value);
    }
    this.addBytes(ref.packId, kind, ref.frameBytes);
  }

  addBytes(packId: PackId, kind: PackKind, usedBytes: number): void {
    const use = this.#uses.get(packId);
    if (use === undefined) this.#uses.set(packId, { kind, usedBytes });
    else use.usedBytes += usedBytes;
  }

  /** In order of pack ID; what was counted twice is cut at the pack's size. */
  list(sizeOf: (packId: PackId) => number): readonly PointPackUse[] {
    return [...this.#uses]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([packId, { kind, usedBytes }]) => {
        const sizeBytes = sizeOf(packId);
        return { packId, kind, sizeBytes, usedBytes: Math.min(usedBytes, sizeBytes) };
      });
  }
}
