/** What a worker of the soak does, one act at a time: each tells the journal what it was promised. */
import { executeTiers, planTiers } from '../../cold/move-tiers.ts';
import { planWarmUp, stepWarmUp } from '../../cold/restore-from-cold.ts';
import { executeCollection } from '../../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../../collect/plan-collection.ts';
import { executeReconcile, planReconcile } from '../../collect/reconcile.ts';
import { copyRecoveryPoint } from '../../copy/copy-point.ts';
import { changeRetention } from '../../retention/change-retention.ts';
import { placeHold, releaseHold } from '../../retention/legal-hold.ts';
import { executeVerification, planVerification, VERIFICATION_DEFAULTS } from '../../verify/verify-vault.ts';
import { checkLog } from './check-log.ts';
import { checkRecoveryPoint } from './check-recovery-point.ts';
import { isGone, isRefused } from './refusals.ts';
import { type Dice, entriesOf, nextTree } from './soak-content.ts';
import { imageSource, nextImage } from './soak-image.ts';
import type { SoakJournal } from './soak-journal.ts';
import { logSegments, nextSegments } from './soak-log.ts';
import { mustStand, otherSide, type SoakContent, type SoakPoint, type SoakSide } from './soak-point.ts';
import { LEASE_MS, type SoakVaults } from './soak-vault.ts';

const MOST_POINTS = 12;
const MOST_SEGMENTS = 40;
const LOCK_MS = 15_000;
const COLLECTION = { ...COLLECTION_DEFAULTS, graceMs: 1500, repackBelow: 0.8, targetPackBytes: 4 << 20 };
const VERIFICATION = { ...VERIFICATION_DEFAULTS, cheapEveryMs: 5000, deepEveryMs: 20_000, deepBytes: 32 << 20 };
/** Longer than any writer of the soak takes from its first index segment to its commit. */
const ORPHAN_GRACE_MS = 60_000;

/** One stream of work. */
export interface SoakLane {
  readonly vaults: SoakVaults;
  readonly journal: SoakJournal;
  readonly throwDice: Dice;
  /** 1 or 2: names the log stream that only this lane appends to. */
  readonly number: number;
}

type Act = (lane: SoakLane, name: string) => Promise<void>;

/** Every act as often as it stands here. */
const ACTS: readonly Act[] = [
  ...Array<Act>(6).fill(backUpTree),
  ...Array<Act>(3).fill(backUpImage),
  ...Array<Act>(2).fill(appendLog),
  ...Array<Act>(4).fill(remove),
  ...Array<Act>(4).fill(collect),
  ...Array<Act>(2).fill(restore),
  ...Array<Act>(2).fill(copy),
  ...Array<Act>(3).fill(release),
  hold,
  lock,
  ...Array<Act>(2).fill(changeTier),
  ...Array<Act>(2).fill(moveTiers),
  rotate,
  verify,
  reconcile,
];

export async function act(lane: SoakLane, name: string): Promise<void> {
  await ACTS[lane.throwDice(ACTS.length)]?.(lane, name);
}

/** Three of four in the first vault; the second one lives from copies. */
function sideOf({ throwDice }: SoakLane): SoakSide {
  return throwDice(4) === 0 ? 1 : 0;
}

function pointsOf({ journal }: SoakLane, side: SoakSide): readonly SoakPoint[] {
  return [...journal.read().points.values()].filter((point) => point.side === side && mustStand(point, Date.now()));
}

function anyOf<T>({ throwDice }: SoakLane, values: readonly T[]): T | undefined {
  return values[throwDice(values.length)];
}

function anyPoint(lane: SoakLane): SoakPoint | undefined {
  return anyOf(lane, pointsOf(lane, sideOf(lane)));
}

function backUpTree(lane: SoakLane, name: string): Promise<void> {
  return backUp(lane, name, (parent) => {
    const before = parent?.kind === 'tree' ? parent.files : undefined;
    return { kind: 'tree', files: nextTree(lane.throwDice, before) };
  });
}

function backUpImage(lane: SoakLane, name: string): Promise<void> {
  return backUp(lane, name, (parent) => {
    const before = parent?.kind === 'image' ? parent.image : undefined;
    return { kind: 'image', image: nextImage(lane.throwDice, before) };
  });
}

async function backUp(
  lane: SoakLane,
  name: string,
  next: (parent: SoakContent | undefined) => SoakContent,
): Promise<void> {
  const { vaults, journal, throwDice } = lane;
  const side = sideOf(lane);
  const points = pointsOf(lane, side);
  if (points.length >= MOST_POINTS) return;
  const { kind } = next(undefined);
  const alike = points.filter(({ content }) => content.kind === kind);
  const parent = throwDice(4) === 0 ? undefined : anyOf(lane, alike);
  const content = next(parent?.content);
  const lockedUntilAt = throwDice(8) === 0 ? Date.now() + throwDice(LOCK_MS) : undefined;
  const recoveryPointId = `point-${name}`;
  const request = {
    recoveryPointId,
    retention: lockedUntilAt === undefined ? {} : { lockedUntilAt, lockMode: 'compliance' as const },
    facts: { name },
    ...(parent === undefined ? {} : { parentId: parent.id }),
  };
  const { repository } = vaults[side];
  try {
    if (content.kind === 'tree') await repository.backupItems({ ...request, entries: entriesOf(content.files) });
    else {
      const before = parent?.content.kind === 'image' ? parent.content.image : undefined;
      const confidence = throwDice(2) === 0 ? 'certain' : 'likely';
      await repository.backupImage({ ...request, confidence, ...imageSource(content.image, before) });
    }
  } catch (error) {
    // The other lane may have deleted the parent meanwhile: a refusal, never a half backup.
    if (!isRefused(error, 'not-found')) throw error;
    return journal.count('backups refused');
  }
  journal.append({ fact: 'acknowledged', id: recoveryPointId, side, content });
  if (lockedUntilAt !== undefined) journal.append({ fact: 'locked', id: recoveryPointId, untilAt: lockedUntilAt });
  journal.count(content.kind === 'tree' ? 'backups of trees' : 'backups of images');
}

async function appendLog({ vaults, journal, throwDice, number }: SoakLane): Promise<void> {
  const [{ repository }] = vaults;
  const stream = `log-${number}`;
  const known = journal.read().logs.get(stream) ?? { segments: [] };
  const before = await checkLog(repository, stream, known);
  journal.append({ fact: 'appended', stream, segments: before });
  const fresh = nextSegments(throwDice, before);
  const keepFromAt = (fresh.at(-1)?.from ?? 0) - throwDice(MOST_SEGMENTS);
  const kept = before.filter(({ from }) => from >= keepFromAt);
  journal.append({ fact: 'appending', stream, segments: [...kept, ...fresh] });
  const request = { streamId: stream, retention: {}, facts: {}, segments: logSegments(fresh), keepFromAt };
  try {
    await repository.appendLog(request);
  } catch (error) {
    // The lease of an append that was killed has not lapsed yet.
    if (!isRefused(error, 'already-exists')) throw error;
    journal.append({ fact: 'appended', stream, segments: before });
    return journal.count('appends refused');
  }
  journal.append({ fact: 'appended', stream, segments: [...kept, ...fresh] });
  journal.count('appends to logs');
}

async function remove(lane: SoakLane): Promise<void> {
  const { vaults, journal } = lane;
  const point = anyPoint(lane);
  if (point === undefined || pointsOf(lane, point.side).length < 3) return;
  const { id } = point;
  const { repository } = vaults[point.side];
  journal.append({ fact: 'deleting', id });
  const { deleted } = await repository.executeDelete(await repository.planDelete([id]));
  if (deleted.includes(id)) journal.append({ fact: 'deleted', id, at: Date.now() });
  else journal.append({ fact: 'refused', id });
  journal.count(deleted.includes(id) ? 'deletions' : 'deletions refused');
}

async function collect(lane: SoakLane): Promise<void> {
  const { parts } = lane.vaults[sideOf(lane)];
  const plan = await planCollection(parts, COLLECTION);
  const { frozen, purged, relocations, locked } = await executeCollection(parts, plan, COLLECTION);
  if (frozen !== undefined) throw new Error(`deletion is frozen: ${frozen}`);
  lane.journal.count('collections');
  lane.journal.count('packs purged', purged.length);
  lane.journal.count('packs kept by a lock', locked.length);
  lane.journal.count('packs repacked', relocations.length);
}

async function restore(lane: SoakLane): Promise<void> {
  const { vaults, journal } = lane;
  const point = anyPoint(lane);
  if (point === undefined) return;
  const { repository, parts } = vaults[point.side];
  try {
    const warmUp = await planWarmUp(parts, point.id);
    if (warmUp.objects > 0) journal.count('restores from cold');
    await stepWarmUp(parts, warmUp, { keepWarmMs: LEASE_MS });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  const found = await checkRecoveryPoint(repository, point);
  const now = journal.read().points.get(point.id);
  // Deleted by the other lane while it was looked for: fine, if the journal says so now.
  if (!found && now !== undefined && mustStand(now, Date.now())) throw new Error(`${point.id} is gone`);
  journal.count('restores');
}

/** Copies into the other vault; a copy that was killed is begun again with what it had sent. */
async function copy(lane: SoakLane, name: string): Promise<void> {
  const { vaults, journal } = lane;
  const { copies, points } = journal.read();
  const begun = anyOf(lane, [...copies]);
  const source = begun === undefined ? anyPoint(lane) : points.get(begun[1].from);
  if (source === undefined) return;
  const id = begun?.[0] ?? `copy-${name}`;
  const side = otherSide(source.side);
  if (pointsOf(lane, side).length >= MOST_POINTS) return;
  journal.append({ fact: 'copying', id, from: source.id });
  try {
    const { adoptedPacks } = await copyRecoveryPoint({
      source: vaults[source.side].parts,
      target: vaults[side].parts,
      recoveryPointId: source.id,
      targetRecoveryPointId: id,
      retention: {},
      targetPackBytes: COLLECTION.targetPackBytes,
      resumeFences: begun?.[1].fences ?? [],
      onProgress: ({ fence }) => journal.append({ fact: 'copying', id, from: source.id, fence }),
    });
    journal.count('packs of cut-off copies taken over', adoptedPacks);
  } catch (error) {
    // Committed by an attempt that died before it told, or running in the other lane; or its source is gone.
    if (!isRefused(error, 'already-exists') && !isGone(error)) throw error;
    return journal.count('copies refused');
  }
  journal.append({ fact: 'acknowledged', id, side, content: source.content });
  journal.count('copies');
}

async function hold(lane: SoakLane, name: string): Promise<void> {
  const point = anyPoint(lane);
  if (point === undefined) return;
  const of = { id: point.id, hold: `hold-${name}` };
  lane.journal.append({ fact: 'holding', ...of });
  if (await changed(placeHold(lane.vaults[point.side].parts, point.id, of.hold))) {
    lane.journal.append({ fact: 'held', ...of });
    lane.journal.count('holds placed');
  }
}

async function release(lane: SoakLane): Promise<void> {
  const { points } = lane.journal.read();
  const held = [...points.values()].flatMap((point) =>
    [...point.holds, ...point.doubtfulHolds].map((name) => ({ point, hold: name })),
  );
  const one = anyOf(lane, held);
  if (one === undefined) return;
  const of = { id: one.point.id, hold: one.hold };
  lane.journal.append({ fact: 'releasing', ...of });
  if (await changed(releaseHold(lane.vaults[one.point.side].parts, of.id, of.hold))) {
    lane.journal.append({ fact: 'released', ...of });
    lane.journal.count('holds released');
  }
}

/** Locks for some seconds more; or tries to shorten a lock that stands, which must be refused. */
async function lock(lane: SoakLane): Promise<void> {
  const { throwDice, journal, vaults } = lane;
  const point = anyPoint(lane);
  if (point === undefined) return;
  const { parts } = vaults[point.side];
  const until = point.lockedUntilAt;
  if (until > Date.now() + LEASE_MS && throwDice(2) === 0) {
    await changeRetention(parts, point.id, {}).then(
      () => {
        throw new Error(`the lock of ${point.id} until ${until} was taken away`);
      },
      (error: unknown) => {
        if (Date.now() < until && !isRefused(error, 'locked')) throw error;
      },
    );
    return journal.count('shortened locks refused');
  }
  const untilAt = Math.max(until, Date.now()) + throwDice(LOCK_MS);
  const retention = { lockedUntilAt: untilAt, lockMode: 'compliance' as const };
  try {
    if (!(await changed(changeRetention(parts, point.id, retention)))) return;
  } catch (error) {
    // The other lane locked it for longer meanwhile.
    if (!isRefused(error, 'locked')) throw error;
    return;
  }
  journal.append({ fact: 'locked', id: point.id, untilAt });
  journal.count('locks');
}

async function changeTier(lane: SoakLane): Promise<void> {
  const point = anyPoint(lane);
  if (point === undefined) return;
  const { parts } = lane.vaults[point.side];
  const { collection } = parts.authority;
  const tier = (await collection.coldPoints(parts.vaultId)).includes(point.id) ? 'warm' : 'cold';
  if (await changed(collection.setPointTier(parts.vaultId, point.id, tier))) {
    lane.journal.count(`recovery points turned ${tier}`);
  }
}

async function moveTiers(lane: SoakLane): Promise<void> {
  const { parts } = lane.vaults[sideOf(lane)];
  const { cooled, bundled, warmed } = await executeTiers(parts, await planTiers(parts), { warmForMs: LEASE_MS });
  lane.journal.count('packs moved to cold', cooled.length);
  lane.journal.count('packs bundled', bundled.length);
  lane.journal.count('packs moved back', warmed.length);
}

async function rotate(lane: SoakLane): Promise<void> {
  const { parts, keyProvider } = lane.vaults[sideOf(lane)];
  const old = keyProvider.currentKeyId;
  try {
    await keyProvider.rotate();
    await parts.keys.rotate();
  } catch (error) {
    // The other lane rotates too.
    if (!isRotationLost(error)) throw error;
    return lane.journal.count('rotations refused');
  }
  if (keyProvider.currentKeyId !== old) await keyProvider.remove(old);
  lane.journal.count('rotations');
}

function isRotationLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'already-exists' || error.code === 'not-found');
}

async function verify(lane: SoakLane): Promise<void> {
  const { parts } = lane.vaults[sideOf(lane)];
  const { damaged, checkedDeeply } = await executeVerification(parts, await planVerification(parts, VERIFICATION));
  if (damaged.length > 0) throw new Error(`verification found damage: ${JSON.stringify(damaged.slice(0, 3))}`);
  lane.journal.count('packs verified', checkedDeeply);
}

async function reconcile(lane: SoakLane): Promise<void> {
  const { parts } = lane.vaults[sideOf(lane)];
  const plan = await planReconcile(parts, { orphanGraceMs: ORPHAN_GRACE_MS });
  if (plan.missing.length > 0) throw new Error(`packs are missing: ${plan.missing.slice(0, 3)}`);
  if (plan.unreadable.length > 0) throw new Error(`objects cannot be read: ${plan.unreadable.slice(0, 3)}`);
  const { deleted } = await executeReconcile(parts, plan);
  lane.journal.count('objects of the dead removed', deleted);
}

/** False when the recovery point was deleted meanwhile. */
async function changed(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (!isGone(error)) throw error;
    return false;
  }
}
