import type { PackId } from '../authority/authority.ts';
import { segmentKey } from '../index/segment-layout.ts';
import { fenceOfPack, packIdBytes, packKey } from '../pack/pack-id.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { ListedObject } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { parseMoveName } from './move-records.ts';
import { type ObsoleteMoves, obsoleteMoves } from './obsolete-moves.ts';
import { parsePointName } from './point-names.ts';

const DAY_MS = 86_400_000;
const BATCH = 500;

export interface ReconcileOptions {
  /**
   * How long an object that nobody knows is left alone; default 7 days. A database that was restored from an old copy
   * makes good objects look like these, and this is the time in which a person can notice.
   */
  readonly orphanGraceMs: number;
}

export const RECONCILE_DEFAULTS: ReconcileOptions = { orphanGraceMs: 7 * DAY_MS };

/** What a comparison of store and authority found; a plain value. */
export interface ReconcilePlan {
  /** Objects that nobody knows, and records of moves that nobody needs any more, old enough to go. */
  readonly deletes: readonly { readonly key: string; readonly sizeBytes: number }[];
  /** Objects that nobody knows, still in their grace; complete recovery points among them deserve a look. */
  readonly waiting: readonly string[];
  /** Objects that cannot be read: as long as they name unknown packs, no record of moves goes. */
  readonly unreadable: readonly string[];
  /** Packs that the authority counts and the store does not hold. */
  readonly missing: readonly PackId[];
  /** The store holds larger fences than the authority ever gave: its database was rolled back. */
  readonly rolledBack: boolean;
}

/** Lists the store (the only operation that does, beside recovery) and compares it with the authority. */
export async function planReconcile(
  parts: VaultParts,
  options: ReconcileOptions = RECONCILE_DEFAULTS,
  signal?: AbortSignal,
): Promise<ReconcilePlan> {
  const listed = new Map<string, ListedObject>();
  for (const prefix of ['packs/', 'index/', 'points/', 'retention/', 'moves/']) {
    for await (const object of parts.store.list(prefix, signal === undefined ? {} : { signal })) {
      listed.set(object.key, object);
    }
  }
  // After the listing: whoever wrote a listed object either runs now, or has told the authority, or is dead.
  const running = new Set(await parts.authority.collection.runningFences(parts.vaultId));
  const orphans = [...listed.values()].filter(({ key }) => !running.has(fenceOf(key) ?? -1));
  const unknown = await unknownTo(parts, orphans);
  const oldest = parts.clock() - options.orphanGraceMs;
  const old = unknown.filter(({ storedAt }) => storedAt <= oldest);
  const records = orphans.filter(({ key, storedAt }) => parseMoveName(key) !== undefined && storedAt <= oldest);
  const obsolete = await obsoleteRecords(parts, listed, records, old);
  const highest = [...listed.keys()].reduce((most, key) => Math.max(most, fenceOf(key) ?? 0), 0);
  return {
    deletes: [...old, ...records.filter(({ key }) => obsolete.keys.includes(key))]
      .map(({ key, sizeBytes }) => ({ key, sizeBytes }))
      .sort((a, b) => deletionOrder(a.key) - deletionOrder(b.key)),
    waiting: unknown.filter(({ storedAt }) => storedAt > oldest).map(({ key }) => key),
    unreadable: obsolete.unreadable,
    missing: await missingPacks(parts, listed),
    rolledBack: highest > (await parts.authority.collection.lastFence(parts.vaultId)),
  };
}

/** Reads recovery points only when there is a record that could go; what is about to be deleted needs none. */
async function obsoleteRecords(
  parts: VaultParts,
  listed: ReadonlyMap<string, ListedObject>,
  candidates: readonly ListedObject[],
  deleted: readonly ListedObject[],
): Promise<ObsoleteMoves> {
  if (candidates.length === 0) return { keys: [], unreadable: [] };
  const going = new Set(deleted.map(({ key }) => key));
  const keys = [...listed.keys()].filter((key) => !going.has(key));
  return obsoleteMoves(
    parts,
    keys.filter((key) => parseMoveName(key) !== undefined),
    keys.filter((key) => key.startsWith('points/') && parsePointName(key) !== undefined),
  );
}

/** Does what a plan says. Missing packs go into the ledger as damaged; a rolled-back database freezes deletion. */
export async function executeReconcile(
  parts: VaultParts,
  plan: ReconcilePlan,
  signal?: AbortSignal,
): Promise<{ readonly deleted: number; readonly freedBytes: number; readonly frozen?: string }> {
  const { authority, vaultId, store, clock } = parts;
  const { collection } = authority;
  if (plan.rolledBack) {
    await collection.freeze(
      vaultId,
      'the store holds larger fences than the database gave: it was restored from an old copy',
    );
  }
  const checkedAt = clock();
  const damage = 'the object is gone';
  await collection.recordPackChecks(
    vaultId,
    plan.missing.map((packId) => ({ packId, layer: 'cheap', checkedAt, damage })),
  );
  const frozen = await collection.frozenReason(vaultId);
  if (frozen !== undefined) return { deleted: 0, freedBytes: 0, frozen };
  let deleted = 0;
  let freedBytes = 0;
  let isPointLeft = false;
  for (const { key, sizeBytes } of plan.deletes) {
    signal?.throwIfAborted();
    // A recovery point that a lock keeps in the store still needs the records.
    if (isPointLeft && parseMoveName(key) !== undefined) continue;
    try {
      await store.delete(key);
      deleted += 1;
      freedBytes += sizeBytes;
    } catch (error) {
      if (!isStoreError(error, 'locked')) throw error;
      isPointLeft ||= key.startsWith('points/');
    }
  }
  return { deleted, freedBytes };
}

/** Deletes run in reverse to writes (F-74): recovery points, segments, packs, and what belongs to points last. */
function deletionOrder(key: string): number {
  return ['points/', 'index/', 'packs/', 'retention/', 'moves/'].findIndex((prefix) => key.startsWith(prefix));
}

function packIdOf(key: string): PackId | undefined {
  const packId = /^packs\/[0-9a-f]{2}\/([0-9a-f]{32})$/.exec(key)?.[1];
  return packId !== undefined && packKey(packId) === key ? packId : undefined;
}

function fenceOf(key: string): number | undefined {
  const packId = packIdOf(key);
  if (packId !== undefined) return fenceOfPack(packIdBytes(packId));
  return parsePointName(key)?.fence ?? parseMoveName(key);
}

async function unknownTo(parts: VaultParts, objects: readonly ListedObject[]): Promise<readonly ListedObject[]> {
  const { authority, vaultId } = parts;
  const segments = new Set(
    [
      ...(await authority.segments(vaultId)),
      ...(await authority.collection.retiredSegments(vaultId, Number.MAX_SAFE_INTEGER, 1_000_000)),
    ].map(segmentKey),
  );
  const unknown: ListedObject[] = [];
  for (let start = 0; start < objects.length; start += BATCH) {
    const batch = objects.slice(start, start + BATCH);
    const packIds = batch.flatMap(({ key }) => packIdOf(key) ?? []);
    const known = new Set((await authority.packs(vaultId, packIds)).map(({ packId }) => packKey(packId)));
    for (const object of batch) {
      if (known.has(object.key) || segments.has(object.key)) continue;
      const isOurs = packIdOf(object.key) !== undefined || /^index\/[0-9a-f]{32}$/.test(object.key);
      if (isOurs || (await isUnknownPoint(parts, object.key))) unknown.push(object);
    }
  }
  return unknown;
}

/** Names that are none of ours are left alone (F-4). */
async function isUnknownPoint({ authority, vaultId }: VaultParts, key: string): Promise<boolean> {
  const name = parsePointName(key);
  if (name === undefined) return false;
  const committed = await authority.recoveryPoint(vaultId, name.recoveryPointId);
  return committed?.fence !== name.fence;
}

async function missingPacks(parts: VaultParts, listed: ReadonlyMap<string, ListedObject>): Promise<readonly PackId[]> {
  const missing: PackId[] = [];
  for (let after: PackId | undefined; ; ) {
    const page = await parts.authority.allPacks(parts.vaultId, after, BATCH);
    for (const { packId, state } of page) {
      if (state !== 'live' || listed.has(packKey(packId))) continue;
      // A listing may be late; the object itself is asked before anybody is alarmed.
      const facts = await parts.store.head(packKey(packId)).catch((error: unknown) => {
        if (!isStoreError(error, 'not-found')) throw error;
      });
      if (facts === undefined) missing.push(packId);
    }
    after = page.at(-1)?.packId;
    if (page.length < BATCH) return missing;
  }
}
