import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AuthorityError } from '../authority/authority-error.ts';
import { planRecovery } from '../recover/recover-vault.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { CrashPoint } from '../store/decorators/crash-point.ts';
import { isStoreError } from '../store/store-error.ts';
import { assertContents, assertNothingLeftOver, Machine } from '../testing/crash-scenarios.ts';
import { PausePoint } from '../testing/pause-point.ts';
import type { Files, SampleVault } from '../testing/sample-vault.ts';
import { changeRetention } from './change-retention.ts';
import { deleteRecoveryPoint } from './delete-recovery-point.ts';
import { placeHold, releaseHold } from './legal-hold.ts';

/**
 * A lock or a hold that is set at the moment of a deletion. Each of the two stops before every one of its calls while the
 * other goes on, so that every order of their steps in which each gives way once is tried.
 */
const LOCKED_FOR_MS = 200_000;
const VICTIM: Files = new Map([1, 2, 3].map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
const OTHER: Files = new Map([['other', sampleBytes(900, 9)]]);

interface Protection {
  readonly title: string;
  readonly refusal: 'locked' | 'held';
  set(vault: SampleVault): Promise<void>;
  lift(vault: SampleVault, machine: Machine): Promise<void>;
}

const LOCKED_UNTIL_AT = new Machine().clock.now() + LOCKED_FOR_MS;

const PROTECTIONS: readonly Protection[] = [
  {
    title: 'a lock',
    refusal: 'locked',
    set: (vault) => changeRetention(vault, 'victim', { lockedUntilAt: LOCKED_UNTIL_AT, lockMode: 'compliance' }),
    lift: async (_vault, { clock }) => clock.advance(LOCKED_FOR_MS + 1),
  },
  {
    title: 'a legal hold',
    refusal: 'held',
    set: (vault) => placeHold(vault, 'victim', 'case'),
    lift: (vault) => releaseHold(vault, 'victim', 'case'),
  },
];

async function prepared(): Promise<Machine> {
  const machine = new Machine();
  const vault = await machine.process();
  await vault.backup('victim', VICTIM);
  await vault.backup('other', OTHER);
  return machine;
}

type Act = (vault: SampleVault) => Promise<void>;
const deleting: Act = (vault) => deleteRecoveryPoint(vault, 'victim');

/** `done`, or the code of the refusal and, for one that only the store made, where it came from. */
async function endingOf(work: Promise<void>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof AuthorityError) return error.code;
    if (isStoreError(error, 'locked', 'not-found')) return `${error.code} in the store`;
    throw error;
  }
}

/** The numbers of the calls of an act, those of opening the vault left out. */
async function callsOf(act: Act): Promise<readonly number[]> {
  const machine = await prepared();
  const pause = new PausePoint();
  const vault = await machine.pausing(pause);
  const opened = pause.calls;
  await act(vault);
  return Array.from({ length: pause.calls - opened }, (_, index) => opened + index);
}

interface Paused {
  readonly ending: Promise<string>;
  release(): void;
}

/** Starts an act and returns when it stands before its call with that number, or has ended. */
async function pausedAt(machine: Machine, act: Act, call: number): Promise<Paused> {
  const pause = new PausePoint(call);
  const ending = endingOf(act(await machine.pausing(pause)));
  await Promise.race([pause.reached, ending]);
  return { ending, release: () => pause.release() };
}

/** One of the two has won, the loser was told so, and store, authority and a recovery from the store agree. */
async function assertDecided(
  machine: Machine,
  protection: Protection,
  ends: { readonly deletion: string; readonly protection: string },
): Promise<void> {
  const vault = await machine.process();
  const isGone = (await vault.authority.recoveryPoint(vault.vaultId, 'victim')) === undefined;
  const expected = isGone
    ? { deletion: 'done', protection: 'not-found' }
    : { deletion: protection.refusal, protection: 'done' };
  assert.deepEqual(ends, expected);
  const found = (await planRecovery(vault)).points.find(({ point }) => point.header.recoveryPointId === 'victim');
  assert.equal(found === undefined, isGone, 'a recovery disagrees with the authority');
  if (!isGone) {
    await assertContents(vault, new Map([['victim', VICTIM]]));
    await assert.rejects(deleteRecoveryPoint(vault, 'victim'), { code: protection.refusal });
    assert.ok(protection.refusal === 'held' ? found?.holds.length === 1 : found?.retention.lockedUntilAt !== undefined);
    await protection.lift(vault, machine);
    await deleteRecoveryPoint(vault, 'victim');
  }
  machine.clock.advance(1000);
  await assertNothingLeftOver(vault, machine);
  assert.deepEqual(await listAll(machine.store, 'retention/'), []);
  await assertContents(vault, new Map([['other', OTHER]]));
}

describe('a deletion meets what forbids it:', () => {
  for (const protection of PROTECTIONS) {
    test(`${protection.title} is refused or refuses, at every meeting of their steps`, async (t) => {
      const deletionCalls = await callsOf(deleting);
      const protectionCalls = await callsOf(protection.set);
      let gone = 0;
      let kept = 0;
      for (const at of deletionCalls) {
        for (const until of protectionCalls) {
          const machine = await prepared();
          const deletion = await pausedAt(machine, deleting, at);
          const setting = await pausedAt(machine, protection.set, until);
          deletion.release();
          const ends = { deletion: await deletion.ending, protection: '' };
          setting.release();
          ends.protection = await setting.ending;
          const where = `deletion before call ${at}, ${protection.title} before call ${until}`;
          await assertDecided(machine, protection, ends).catch((cause: unknown) => {
            throw new Error(`${where}: ${String(cause)}`, { cause });
          });
          if (ends.deletion === 'done') gone += 1;
          else kept += 1;
        }
      }
      assert.ok(gone > 0 && kept > 0);
      t.diagnostic(`${gone} deletions were first, ${kept} were refused`);
    });

    test(`${protection.title} that is killed leaves the decision with whoever was first, and repeating says which`, async (t) => {
      const deletionCalls = await callsOf(deleting);
      const counting = new CrashPoint();
      await protection.set(await (await prepared()).process(counting));
      let tried = 0;
      for (const at of deletionCalls) {
        for (const kill of counting.steps.keys()) {
          for (const when of ['before', 'after'] as const) {
            const machine = await prepared();
            const deletion = await pausedAt(machine, deleting, at);
            const crash = new CrashPoint(kill, when);
            await protection.set(await machine.process(crash)).catch((error: unknown) => {
              if (!crash.isDead && !(error instanceof AuthorityError)) throw error;
            });
            deletion.release();
            const ends = { deletion: await deletion.ending, protection: '' };
            machine.clock.advance(1);
            ends.protection = await endingOf(protection.set(await machine.process()));
            const where = `deletion before call ${at}, ${protection.title} killed ${when} step ${kill}`;
            // Killed before anybody was told: the deletion is done, and setting it says that the recovery point is gone.
            await assertDecided(machine, protection, ends).catch((cause: unknown) => {
              throw new Error(`${where}: ${String(cause)}`, { cause });
            });
            tried += 1;
          }
        }
      }
      t.diagnostic(`${tried} meetings`);
    });
  }
});
