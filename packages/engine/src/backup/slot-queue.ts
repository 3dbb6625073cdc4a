import type { ItemRecord } from '../content/item-record.ts';
import type { BuiltContent } from './content-builder.ts';

/** An item on its way into the tree. */
export interface Slot {
  readonly key: Buffer;
  item: ItemRecord;
  /** Absent while the content is being read. */
  built?: BuiltContent;
  /** The item vanished: it does not go into the tree. */
  isDropped?: boolean;
}

/** Contents are read in parallel and end in any order; items leave here in the order in which they came. */
export class SlotQueue {
  #slots: Slot[] = [];
  #head = 0;

  get size(): number {
    return this.#slots.length - this.#head;
  }

  push(slot: Slot): void {
    this.#slots.push(slot);
  }

  /** The first slot, if its content is known; it leaves the queue. */
  shiftReady(): (Slot & { readonly built: BuiltContent }) | undefined {
    for (;;) {
      const slot = this.#slots[this.#head];
      if (slot === undefined) return undefined;
      if (slot.isDropped !== true && slot.built === undefined) return undefined;
      this.#head += 1;
      if (this.#head > 4096 && this.#head * 2 > this.#slots.length) {
        this.#slots = this.#slots.slice(this.#head);
        this.#head = 0;
      }
      if (slot.built !== undefined && slot.isDropped !== true) return { ...slot, built: slot.built };
    }
  }
}
