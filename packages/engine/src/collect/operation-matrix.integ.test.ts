import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { AuthorityError } from '../authority/authority-error.ts';
import { executeTiers, planTiers } from '../cold/move-tiers.ts';
import { copyRecoveryPoint } from '../copy/copy-point.ts';
import { changeRetention } from '../retention/change-retention.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { placeHold, releaseHold } from '../retention/legal-hold.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { StoreError } from '../store/store-error.ts';
import { assertContents, assertNothingLeftOver, Machine, TINY_PACKS } from '../testing/crash-scenarios.ts';
import { PausePoint } from '../testing/pause-point.ts';
import { type Files, SampleVault } from '../testing/sample-vault.ts';
import { executeVerification, planVerification } from '../verify/verify-vault.ts';
import { auditVault } from './audit-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { meetingOf, OPERATIONS, type Operation, operationMatrixTable } from './operation-matrix.ts';
import { planCollection } from './plan-collection.ts';
import { executeReconcile, planReconcile } from './reconcile.ts';

const DAY_MS = 86_400_000;
/** Every grace is as long as an operation may take; the clock stands still while two of them meet. */
const GRACE_MS = 1000;
const EAGER = { ...TINY_PACKS, graceMs: GRACE_MS, repackBelow: 0.95 };

function content(...seeds: readonly number[]): Files {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

const ALL = Array.from({ length: 12 }, (_, index) => index + 1);
const FEW = content(1, 5, 9);
const VICTIM = content(2, 3, 60);
const NEW = content(1, 2, 60, 61, 70);
const COPIED = content(3, 60, 80, 81);

/** What an operation adds to the vault, or takes away, when it ends well. */
const ADDS: Partial<Record<Operation, readonly [string, Files]>> = { backup: ['new', NEW], copy: ['copied', COPIED] };

let source: SampleVault | undefined;
async function copySource(): Promise<SampleVault> {
  if (source === undefined) {
    source = await SampleVault.create({ vaultId: 'cd'.repeat(16), seed: 500 });
    await source.backup('copied', COPIED);
  }
  return source;
}

async function run(operation: Operation, vault: SampleVault, machine: Machine): Promise<void> {
  switch (operation) {
    case 'backup':
      return vault.backup('new', NEW, { parentId: 'few' });
    case 'copy': {
      const request = { source: await copySource(), target: vault, recoveryPointId: 'copied', retention: {} };
      await copyRecoveryPoint({ ...request, targetPackBytes: 4096 });
      return;
    }
    case 'restore': {
      const request = { vaultId: vault.vaultId, recoveryPointId: 'victim', holder: 'restore', ttlMs: vault.leaseMs };
      const lease = await vault.authority.acquireReadLease(request);
      const restored = await vault.restore('victim');
      await vault.authority.releaseReadLease(lease);
      assert.equal(restored.size, VICTIM.size);
      return;
    }
    case 'delete':
      return deleteRecoveryPoint(vault, 'victim');
    case 'lock':
      return changeRetention(vault, 'victim', { lockedUntilAt: machine.clock.now() + DAY_MS, lockMode: 'compliance' });
    case 'hold':
      return placeHold(vault, 'victim', 'case');
    case 'collect':
      await executeCollection(vault, await planCollection(vault, EAGER), EAGER);
      return;
    case 'reconcile':
      await executeReconcile(vault, await planReconcile(vault, { orphanGraceMs: GRACE_MS }));
      return;
    case 'verify': {
      const { damaged } = await executeVerification(vault, await planVerification(vault));
      assert.deepEqual(
        damaged.filter(({ damage }) => damage !== 'the object is gone'),
        [],
      );
      return;
    }
    case 'audit':
      assert.deepEqual((await auditVault(vault)).findings, []);
      return;
    case 'rotate':
      machine.keyProvider.rotate();
      await vault.keys.rotate();
      return;
    case 'tier':
      await vault.authority.collection.setPointTier(vault.vaultId, 'base', 'cold');
      await executeTiers(vault, await planTiers(vault), { warmForMs: 1000 });
      return;
  }
}

/** A vault with waste, garbage and trash in it, so that every operation has something to do. */
async function prepare(machine: Machine): Promise<void> {
  const vault = await machine.process();
  await vault.backup('gone', content(...ALL, 30, 31, 32));
  await vault.backup('base', content(...ALL));
  await vault.backup('few', FEW, { parentId: 'base' });
  await vault.backup('victim', VICTIM, { parentId: 'base' });
  await vault.backup('trash', content(40, 41, 42));
  await deleteRecoveryPoint(vault, 'trash');
  await vault.authority.withdrawPacks(
    vault.vaultId,
    (await vault.authority.collectablePacks(vault.vaultId, 100)).map(({ packId }) => packId),
  );
  await deleteRecoveryPoint(vault, 'gone');
  machine.clock.advance(2 * GRACE_MS);
}

type Ending = 'well' | 'refused';

async function ending(operation: Promise<void>): Promise<Ending> {
  try {
    await operation;
    return 'well';
  } catch (error) {
    const isRefusal = error instanceof AuthorityError || (error instanceof StoreError && !error.isTransient);
    if (!isRefusal) throw error;
    return 'refused';
  }
}

/** Starts one operation while the other stands before its n-th call; @returns how both ended */
async function meet(running: Operation, starting: Operation, at: number): Promise<void> {
  const machine = new Machine();
  await prepare(machine);
  const pause = new PausePoint(at);
  const slow = await machine.pausing(pause);
  const first = ending(run(running, slow, machine));
  await Promise.race([pause.reached, first]);
  const second = await ending(run(starting, await machine.process(), machine));
  pause.release();
  const endings = { running: await first, starting: second };
  assertAllowed(running, starting, endings);
  await assertSound(machine, [
    ...(endings.running === 'well' ? [running] : []),
    ...(endings.starting === 'well' ? [starting] : []),
  ]);
}

function assertAllowed(running: Operation, starting: Operation, endings: Record<'running' | 'starting', Ending>): void {
  const { meeting } = meetingOf(running, starting);
  const refused = Object.values(endings).filter((end) => end === 'refused').length;
  const allowed = {
    both: refused === 0,
    starting: endings.running === 'well',
    running: endings.starting === 'well',
    either: refused <= 1,
  };
  assert.ok(allowed[meeting], `${running} ended ${endings.running}, ${starting} ended ${endings.starting}`);
}

async function assertSound(machine: Machine, ended: readonly Operation[]): Promise<void> {
  const expected = new Map<string, Files>([
    ['base', content(...ALL)],
    ['few', FEW],
  ]);
  if (!ended.includes('delete')) expected.set('victim', VICTIM);
  for (const operation of ended) {
    const added = ADDS[operation];
    if (added !== undefined) expected.set(...added);
  }
  const vault = await machine.process();
  assert.deepEqual(await vault.recoveryPointIds(), [...expected.keys()].sort());
  await assertContents(vault, expected);
  assert.deepEqual((await auditVault(vault)).findings, []);
  if (!ended.includes('delete')) await releaseHold(vault, 'victim', 'case');
  machine.clock.advance(2 * DAY_MS);
  await assertNothingLeftOver(vault, machine);
  await assertContents(vault, expected);
}

async function countCalls(operation: Operation): Promise<number> {
  const machine = new Machine();
  await prepare(machine);
  const pause = new PausePoint();
  const vault = await machine.pausing(pause);
  const opened = pause.calls;
  await run(operation, vault, machine);
  assert.ok(pause.calls > opened);
  return pause.calls;
}

describe('starting', () => {
  for (const running of OPERATIONS) {
    for (const starting of OPERATIONS) {
      const { meeting } = meetingOf(running, starting);
      test(`${starting} while ${running} runs: ${meeting}`, async () => {
        const machine = new Machine();
        await prepare(machine);
        const opening = new PausePoint();
        await machine.pausing(opening);
        const first = opening.calls;
        const calls = await countCalls(running);
        const some = [first, Math.floor((first + calls) / 2), Math.floor((first + 3 * calls) / 4), calls - 1];
        const all = Array.from({ length: calls - first }, (_, index) => first + index);
        // HOLDFAST_EVERY_CALL=1 stops at each call: some minutes, for a soak.
        const places = new Set(process.env.HOLDFAST_EVERY_CALL === '1' ? all : some);
        for (const at of places) {
          try {
            await meet(running, starting, at);
          } catch (error) {
            throw new Error(`paused before call ${at} of ${calls}: ${String(error)}`, { cause: error });
          }
        }
      });
    }
  }

  test('is documented by the same table', () => {
    const document = readFileSync(new URL('../../../../docs/format/operation-matrix.md', import.meta.url), 'utf8');
    assert.ok(document.includes(operationMatrixTable()), 'docs/format/operation-matrix.md shows another table');
  });
});
