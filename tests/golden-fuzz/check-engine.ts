/** The engine against a damaged vault: it must say what is lost, give the rest, and never anything else. */
import assert from 'node:assert/strict';
import {
  EngineError,
  KeyError,
  KeyFileProvider,
  MemoryStore,
  openRepository,
  type PayloadWorkers,
  type Repository,
  SqliteAuthority,
} from '@holdfast/engine';
import {
  affectedItems,
  executeRecovery,
  executeVerification,
  planRecovery,
  planVerification,
  type RecoveryPlan,
} from '@holdfast/engine/maintenance';
import { putBytes } from '@holdfast/engine/testing';
import type { Changes } from './changes.ts';
import type { GoldenContent, GoldenVault } from './golden-vault.ts';
import type { Tally } from './tally.ts';

/**
 * Recovers the vault from its objects, reads all contents and verifies all packs.
 * @throws AssertionError when something came back wrong, was lost without need, or was not noticed
 */
export async function checkEngine(
  golden: GoldenVault,
  objects: ReadonlyMap<string, Buffer>,
  changes: Changes,
  workers: PayloadWorkers,
  tally: Tally,
): Promise<void> {
  const repository = await opened(golden, objects, changes, workers);
  if (repository === undefined) return tally.add('vaults refused');
  await using open = repository;
  const plan = await planRecovery(open.parts);
  assertUnusable(golden, objects, changes, plan);
  tally.add('recovery points unusable', plan.unusable.length);
  tally.add('index segments unusable', plan.damagedSegments.length);
  await executeRecovery(open.parts, plan);
  const refused = await readAll(open, golden, changes, tally);
  await assertVerified(open, changes, plan, refused, tally);
}

async function opened(
  golden: GoldenVault,
  objects: ReadonlyMap<string, Buffer>,
  changes: Changes,
  workers: PayloadWorkers,
): Promise<Repository | undefined> {
  const store = new MemoryStore({ now: () => 0 });
  for (const [name, bytes] of objects) await putBytes(store, name, bytes);
  const keyProvider = await KeyFileProvider.open(golden.keyFile);
  const authority = new SqliteAuthority({ path: ':memory:' });
  try {
    return await openRepository({ store, authority, keyProvider, workers });
  } catch (error) {
    const isExpected = error instanceof EngineError || error instanceof KeyError;
    assert.ok(isExpected, `opening failed with ${String(error)}`);
    assert.ok(areKeysHit(changes), `opening was refused although header and keys are whole: ${error.message}`);
    return undefined;
  }
}

function areKeysHit(changes: Changes): boolean {
  return changes.objects.some((name) => name === 'vault' || name.startsWith('keys/'));
}

/**
 * A recovery point is given up only for damage of its own, of the keys, or of records of moves, for lost packs, or for
 * damaged ones that no index describes.
 */
function assertUnusable(
  { contents, points }: GoldenVault,
  objects: ReadonlyMap<string, Buffer>,
  changes: Changes,
  { unusable }: RecoveryPlan,
): void {
  const areRecordsHit = changes.objects.some((name) => name.startsWith('moves/') || name.startsWith('retention/'));
  const isIndexHit = changes.objects.some((name) => name.startsWith('index/'));
  for (const { name, reason, message } of unusable) {
    const packs = contents.filter(({ pointObject }) => pointObject === name).flatMap(({ frames }) => frames);
    const isPackGone = packs.some(({ object }) => !objects.has(object));
    const isPackUnknown = isIndexHit && packs.some(({ object }) => changes.has(object));
    const isExpected = changes.has(name) || areKeysHit(changes) || areRecordsHit || isPackGone || isPackUnknown;
    assert.ok(isExpected && points.includes(name), `${name} was given up without need (${reason}): ${message}`);
  }
}

/** @returns the contents that were refused */
async function readAll(
  repository: Repository,
  golden: GoldenVault,
  changes: Changes,
  tally: Tally,
): Promise<readonly GoldenContent[]> {
  const ids = new Set<string>();
  for await (const { recoveryPointId } of repository.recoveryPoints()) ids.add(recoveryPointId);
  const refused: GoldenContent[] = [];
  for (const content of golden.contents.filter(({ recoveryPointId }) => ids.has(recoveryPointId))) {
    const read = await contentOf(repository, content).catch((error: unknown) => {
      const isRefusal = error instanceof EngineError && (error.code === 'damaged' || error.code === 'unsupported');
      assert.ok(isRefusal || error instanceof KeyError, `${nameOf(content)} failed with ${String(error)}`);
      return error;
    });
    if (!(read instanceof Error)) {
      assert.ok(content.bytes.equals(read), `${nameOf(content)} came back different`);
      tally.add('contents read whole');
      continue;
    }
    refused.push(content);
    tally.add('contents refused');
    const isHit = content.frames.some((frame) => changes.hits(frame)) || areKeysHit(changes);
    // The index is written anew from the packs; where these are hit as well, what was moved into them is found no more.
    const isIndexHit =
      content.needsIndex &&
      changes.objects.some((name) => name.startsWith('index/')) &&
      content.frames.some(({ object }) => changes.has(object));
    assert.ok(isHit || isIndexHit, `${nameOf(content)} is whole and was refused: ${read.message}`);
    if (!isHit) tally.add('contents refused for the index alone');
  }
  return refused;
}

async function contentOf(repository: Repository, { recoveryPointId, path }: GoldenContent): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  if (path === undefined) {
    await using image = await repository.openImage(recoveryPointId);
    for await (const part of image.read()) parts.push(part);
  } else {
    await using reader = await repository.openRecoveryPoint(recoveryPointId);
    for await (const part of reader.read(Buffer.from(path, 'latin1'))) parts.push(part);
  }
  return Buffer.concat(parts);
}

function nameOf({ recoveryPointId, path = 'image' }: GoldenContent): string {
  return `${recoveryPointId}/${path}`;
}

/** Verification finds every pack that was hit, and names every content that was refused. */
async function assertVerified(
  { parts }: Repository,
  changes: Changes,
  plan: RecoveryPlan,
  refused: readonly GoldenContent[],
  tally: Tally,
): Promise<void> {
  const { damaged } = await executeVerification(parts, await planVerification(parts));
  const found = new Set(damaged.map(({ packId }) => packId));
  // Without an index a pack is taken for what its own trailer says.
  const rebuilt = new Set(plan.fromTrailers.map(({ facts }) => facts.packId));
  for (const { packId } of plan.packs) {
    const isHit = changes.has(`packs/${packId.slice(-2)}/${packId}`);
    if (isHit && !rebuilt.has(packId)) assert.ok(found.has(packId), `pack ${packId} was hit and verified as good`);
  }
  const affected = await affectedItems(parts, [...found]);
  for (const content of refused.filter(({ frames }) => frames.some((frame) => changes.hits(frame)))) {
    const { recoveryPointId, path } = content;
    const told = affected.find((point) => point.recoveryPointId === recoveryPointId);
    const isNamed =
      told !== undefined &&
      (told.unreadableNodes > 0 ||
        (path === undefined && (told.imageRanges ?? []).length > 0) ||
        told.items.some((item) => Buffer.from(item).toString('latin1') === path));
    if (rebuilt.size === 0) assert.ok(isNamed, `${nameOf(content)} was refused and verification does not name it`);
  }
  for (const { recoveryPointId, items } of affected) {
    tally.add('items named by verification', items.length);
    const names = new Set(refused.filter((one) => one.recoveryPointId === recoveryPointId).map(({ path }) => path));
    const whole = items.filter((item) => !names.has(Buffer.from(item).toString('latin1')));
    tally.add('items named although whole', whole.length);
  }
}
