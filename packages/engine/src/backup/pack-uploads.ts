import type { Authority, PackFacts, PackId, WriteLease } from '../authority/authority.ts';
import type { IndexedPack } from '../index/segment-layout.ts';
import { packIdText, packKey } from '../pack/pack-id.ts';
import { putObject } from '../put-object.ts';
import { crc32Checksum } from '../store/checksum.ts';
import type { Store, StoreRetention } from '../store/store.ts';
import type { SealedPackMessage, StartedPack } from '../worker/protocol.ts';

/** Packs are journalled at the authority in groups, since each journal entry is a durable transaction. */
const JOURNAL_GROUP = 8;

interface OwnPack {
  readonly packId: PackId;
  readonly kind: 'data' | 'tree';
  facts?: IndexedPack;
}

export interface PackUploadsOptions {
  readonly store: Store;
  readonly authority: Authority;
  readonly lease: () => WriteLease;
  /** 0 for the cohort without end. */
  readonly cohortUntilAt: number;
  readonly retention: StoreRetention | undefined;
}

/** Stores the packs of one backup and journals them at the authority. */
export class PackUploads {
  readonly #options: PackUploadsOptions;
  readonly #packs: OwnPack[] = [];
  readonly #ordinals = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #unjournalled: PackFacts[] = [];
  storedBytes = 0;

  constructor(options: PackUploadsOptions) {
    this.#options = options;
  }

  start(worker: number, message: StartedPack): void {
    this.#ordinals.set(`${worker}.${message.packNumber}`, this.#packs.length);
    this.#packs.push({ packId: packIdText(message.packId), kind: message.kind });
  }

  ordinal(worker: number, packNumber: number): number {
    const ordinal = this.#ordinals.get(`${worker}.${packNumber}`);
    if (ordinal === undefined) throw new Error(`worker ${worker} placed a chunk in pack ${packNumber}, never begun`);
    return ordinal;
  }

  packId(ordinal: number): PackId {
    return this.#packs[ordinal]?.packId ?? '';
  }

  /** Stores a sealed pack. `onStored` gets the buffer back when it can be used again. */
  store(worker: number, message: SealedPackMessage, onStored: () => void, onError: (error: unknown) => void): void {
    const storing = this.#store(worker, message).then(onStored, onError);
    this.#running.add(storing);
    storing.finally(() => this.#running.delete(storing));
  }

  async #store(worker: number, message: SealedPackMessage): Promise<void> {
    const own = this.#packs[this.ordinal(worker, message.packNumber)];
    if (own === undefined) return;
    const { packId, kind } = own;
    const { cohortUntilAt, retention, store } = this.#options;
    const body = [new Uint8Array(message.buffer, 0, message.sizeBytes)];
    await putObject(store, packKey(packId), body, crc32Checksum(message.crc32), retention ? { retention } : {});
    own.facts = {
      packId,
      kind,
      sizeBytes: message.sizeBytes,
      ...(cohortUntilAt === 0 ? {} : { cohortUntilAt }),
      merkleRoot: Buffer.from(message.merkleRoot).toString('hex'),
      crc32: message.crc32,
      frameCount: message.frameCount,
    };
    this.storedBytes += message.sizeBytes;
    this.#unjournalled.push(own.facts);
    if (this.#unjournalled.length >= JOURNAL_GROUP) await this.#journal();
  }

  async #journal(): Promise<void> {
    const group = this.#unjournalled;
    this.#unjournalled = [];
    if (group.length > 0) await this.#options.authority.recordPacks(this.#options.lease(), group);
  }

  /** Waits until all packs are durable and journalled. @returns them, by ordinal */
  async finish(): Promise<readonly IndexedPack[]> {
    await Promise.all(this.#running);
    await this.#journal();
    return this.#packs.map(({ packId, facts }) => {
      if (facts === undefined) throw new Error(`pack ${packId} was begun and never stored`);
      return facts;
    });
  }
}
