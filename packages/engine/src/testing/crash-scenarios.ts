import assert from 'node:assert/strict';
import type { Authority } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { auditVault } from '../collect/audit-vault.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { readMoveRecord } from '../collect/move-records.ts';
import { COLLECTION_DEFAULTS, type CollectionOptions, planCollection } from '../collect/plan-collection.ts';
import { executeReconcile, planReconcile } from '../collect/reconcile.ts';
import { packKey } from '../pack/pack-id.ts';
import { readPoint } from '../retention/read-point.ts';
import { listAll } from '../store/contract/store-case.ts';
import { CrashingStore, CrashPoint, crashing } from '../store/decorators/crash-point.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';
import { type PausePoint, PausingStore, pausing } from './pause-point.ts';
import { type Files, SampleVault, TestClock } from './sample-vault.ts';

export const TINY_PACKS: CollectionOptions = { ...COLLECTION_DEFAULTS, graceMs: 1000, targetPackBytes: 4096 };

/** Methods of the authority that change nothing, so that a crash before them is the same as one after. */
const READS = new Set([
  'recoveryPoint',
  'recoveryPoints',
  'segments',
  'packs',
  'allPacks',
  'collectablePacks',
  'withdrawnPacks',
  'runningFences',
  'packUses',
  'successors',
  'pointsUsing',
  'miscountedPacks',
  'frozenReason',
  'packLocks',
  'heldPacks',
  'packsToCheck',
  'damagedPacks',
  'coldPoints',
  'packsToCool',
  'coldPacks',
  'retiredSegments',
  'lastFence',
  'packsToMeasure',
  'measuredPacks',
  'packsToWarm',
  'claimedPacks',
]);

/** What outlives a process: the disk, the database and the key service, seen by one process at a time. */
export class Machine {
  readonly clock = new TestClock();
  readonly store = new MemoryStore({ now: this.clock.now });
  authority = new SqliteAuthority({ path: ':memory:', clock: this.clock.now });
  readonly keyProvider = new MemoryKeyProvider();
  #processes = 0;

  /** From now on the database is empty; the store and the key are all that is left. */
  loseDatabase(): void {
    this.authority = new SqliteAuthority({ path: ':memory:', clock: this.clock.now });
  }

  /** A new process; with a crash point, one that will be killed. */
  async process(crash?: CrashPoint): Promise<SampleVault> {
    if (crash === undefined) return this.#start(this.store, this.authority);
    return this.#start(new CrashingStore(this.store, crash), crashing(this.authority, crash, READS));
  }

  /** A new process that will stand still for a while. */
  pausing(pause: PausePoint): Promise<SampleVault> {
    return this.#start(new PausingStore(this.store, pause), pausing(this.authority, pause));
  }

  async #start(store: Store, authority: Authority): Promise<SampleVault> {
    this.#processes += 1;
    const { clock, keyProvider } = this;
    const options = { clock, store, authority, keyProvider, seed: this.#processes };
    return this.#processes === 1 ? SampleVault.create(options) : SampleVault.open(options);
  }
}

export interface CrashScenario {
  /** Brings the machine into the state before the operation. */
  prepare(vault: SampleVault, machine: Machine): Promise<void>;
  /** The operation that is killed, and that is begun again afterwards: it must finish what was left. */
  operate(vault: SampleVault, machine: Machine): Promise<void>;
  /** Contents that must be readable whatever happened, from before the operation to after it. */
  readonly always: ReadonlyMap<string, Files>;
  /** All contents when everything has ended. */
  readonly finally: ReadonlyMap<string, Files>;
}

/**
 * Kills an operation before and after each step that changes store or authority, starts a new process, checks that
 * nothing was lost, begins again, and checks that the end is the same as without a crash and that nothing is left over.
 * @returns how many crashes were tried
 */
export async function tryEveryCrash(scenario: CrashScenario): Promise<number> {
  const counting = new CrashPoint();
  await runWith(scenario, counting);
  const { steps } = counting;
  assert.ok(steps.length > 0, 'the operation has no steps');
  for (const [index, step] of steps.entries()) {
    for (const when of ['before', 'after'] as const) {
      try {
        await runWith(scenario, new CrashPoint(index, when));
      } catch (error) {
        throw new Error(`killed ${when} step ${index + 1} of ${steps.length} (${step}): ${String(error)}`, {
          cause: error,
        });
      }
    }
  }
  return steps.length * 2;
}

async function runWith(scenario: CrashScenario, crash: CrashPoint): Promise<void> {
  const machine = new Machine();
  await scenario.prepare(await machine.process(), machine);
  const dying = await machine.process(crash);
  await scenario.operate(dying, machine).catch((error: unknown) => {
    // The crash may surface as the cause of what the dying process reported last.
    if (!crash.isDead) throw error;
  });
  const survivor = await machine.process();
  await assertContents(survivor, scenario.always);
  assert.deepEqual((await auditVault(survivor)).findings, [], 'after the crash');
  machine.clock.advance(survivor.leaseMs + 1);
  if (crash.isDead) await scenario.operate(survivor, machine);
  await assertContents(survivor, scenario.finally);
  assert.deepEqual(await survivor.recoveryPointIds(), [...scenario.finally.keys()].sort());
  await assertNothingLeftOver(survivor, machine);
  await assertContents(survivor, scenario.finally);
}

export async function assertContents(vault: SampleVault, expected: ReadonlyMap<string, Files>): Promise<void> {
  for (const [recoveryPointId, files] of expected) {
    const restored = await vault.restore(recoveryPointId);
    assert.deepEqual([...restored.keys()].sort(), [...files.keys()].sort(), recoveryPointId);
    for (const [name, bytes] of files) {
      assert.equal(Buffer.compare(restored.get(name) ?? Buffer.alloc(0), bytes), 0, `${recoveryPointId}: ${name}`);
    }
  }
}

/** Collects to the end; then the store holds exactly what the authority knows, and nothing that nobody needs. */
export async function assertNothingLeftOver(vault: SampleVault, { clock, store, authority }: Machine): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    clock.advance(vault.leaseMs + TINY_PACKS.graceMs);
    await executeReconcile(vault, await planReconcile(vault, { orphanGraceMs: 0 }));
    const outcome = await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
    assert.equal(outcome.frozen, undefined);
  }
  const packs = await authority.allPacks(vault.vaultId, undefined, 10_000);
  const stored = (await listAll(store, 'packs/')).map(({ key }) => key);
  assert.deepEqual(
    stored,
    packs.map(({ packId }) => packKey(packId)).sort(),
    'packs in the store and in the books differ',
  );
  assert.deepEqual(
    packs.filter(({ referenceCount }) => referenceCount === 0),
    [],
    'packs are left that nothing needs',
  );
  assert.equal((await listAll(store, 'index/')).length, (await authority.segments(vault.vaultId)).length);
  assert.equal((await listAll(store, 'points/')).length, (await vault.recoveryPointIds()).length);
  await assertMovesNeeded(vault, store);
  assert.deepEqual((await auditVault(vault)).findings, []);
}

/** Slow and obvious: each record that is left leads on from a pack that a recovery point's own object names. */
async function assertMovesNeeded(vault: SampleVault, store: Store): Promise<void> {
  const named = new Set<string>();
  for (const recoveryPointId of await vault.recoveryPointIds()) {
    const fence = (await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId))?.fence ?? 0;
    for (const { packId } of (await readPoint(vault, recoveryPointId, fence)).uses) named.add(packId);
  }
  const left = new Map<string, readonly PackMove[]>();
  for (const { key } of await listAll(store, 'moves/')) left.set(key, (await readMoveRecord(vault, key)).moves);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [key, moves] of left) {
      const followed = moves.filter(({ from }) => named.has(from));
      for (const { packId } of followed.flatMap(({ to }) => to)) named.add(packId);
      if (followed.length > 0) left.delete(key);
    }
  }
  assert.deepEqual([...left.keys()], [], 'records of moves are left that no recovery point needs');
}
