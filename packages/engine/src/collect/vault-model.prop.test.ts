import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { assertContents, assertNothingLeftOver, Machine, TINY_PACKS } from '../testing/crash-scenarios.ts';
import type { Files, SampleVault } from '../testing/sample-vault.ts';
import { auditVault } from './audit-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { type CollectionOptions, planCollection } from './plan-collection.ts';

/** Repacks at the slightest waste, so that frames move all the time. */
const EAGER: CollectionOptions = { ...TINY_PACKS, repackBelow: 0.95 };

type Step =
  | {
      readonly kind: 'backup';
      readonly seeds: readonly number[];
      readonly parent: number | undefined;
      readonly dedup: boolean;
    }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'collect'; readonly eager: boolean }
  | { readonly kind: 'dead-writer'; readonly seeds: readonly number[] }
  | {
      readonly kind: 'race';
      readonly seeds: readonly number[];
      readonly which: number;
      readonly parent: number | undefined;
    }
  | { readonly kind: 'wait'; readonly ms: number };

const seeds = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });
const parent = fc.option(fc.nat(9), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('backup' as const),
      seeds,
      parent,
      dedup: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('collect' as const), eager: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dead-writer' as const), seeds }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('race' as const), seeds, which: fc.nat(9), parent }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
);

function content(numbers: readonly number[]): Files {
  return new Map(numbers.map((seed) => [`file-${seed}`, sampleBytes(300 + seed * 40, seed)]));
}

/** The model: which recovery points there are, and what is in them. */
class Model {
  readonly points = new Map<string, Files>();
  #count = 0;

  nextId(): string {
    this.#count += 1;
    return `point-${this.#count}`;
  }

  pick(which: number): string | undefined {
    const ids = [...this.points.keys()];
    return ids[which % Math.max(ids.length, 1)];
  }
}

async function take(vault: SampleVault, machine: Machine, model: Model, step: Step): Promise<void> {
  switch (step.kind) {
    case 'backup': {
      const id = model.nextId();
      const parentId = step.parent === undefined ? undefined : model.pick(step.parent);
      const parent = parentId === undefined ? {} : { parentId };
      await vault.backup(id, content(step.seeds), { ...parent, deduplicate: step.dedup });
      model.points.set(id, content(step.seeds));
      return;
    }
    case 'delete': {
      const id = model.pick(step.which);
      if (id === undefined) return;
      await deleteRecoveryPoint(vault, id);
      model.points.delete(id);
      return;
    }
    case 'collect': {
      const options = step.eager ? EAGER : TINY_PACKS;
      await executeCollection(vault, await planCollection(vault, options), options);
      machine.clock.advance(TINY_PACKS.graceMs);
      return;
    }
    case 'dead-writer':
      await vault.write(await vault.lease(model.nextId()), content(step.seeds));
      return;
    case 'race': {
      // A collection that was planned before a backup wrote, a deletion in between, and the backup commits last.
      const id = model.nextId();
      const plan = await planCollection(vault, EAGER);
      const parentId = step.parent === undefined ? undefined : model.pick(step.parent);
      const options = parentId === undefined ? {} : { parentId };
      const lease = await vault.lease(id);
      const written = await vault.write(lease, content(step.seeds), options);
      const picked = model.pick(step.which);
      const victim = picked === parentId ? undefined : picked;
      if (victim !== undefined) await deleteRecoveryPoint(vault, victim);
      if (victim !== undefined) model.points.delete(victim);
      await executeCollection(vault, plan, EAGER);
      await executeCollection(vault, await planCollection(vault, EAGER), EAGER);
      await vault.commit(lease, written, options);
      model.points.set(id, content(step.seeds));
      return;
    }
    case 'wait':
      machine.clock.advance(step.ms);
  }
}

describe('a vault and a plain model of it', () => {
  test('agree after any sequence of backups, deletions, collections and dead writers, and everything unneeded goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const machine = new Machine();
        const vault = await machine.process();
        const model = new Model();
        for (const next of steps) await take(vault, machine, model, next);
        await assertContents(vault, model.points);
        assert.deepEqual((await auditVault(vault)).findings, []);
        assert.deepEqual(await vault.recoveryPointIds(), [...model.points.keys()].sort());
        await assertNothingLeftOver(vault, machine);
        await assertContents(vault, model.points);
      }),
      { numRuns: Number(process.env.HOLDFAST_PROPERTY_RUNS ?? 12) },
    );
  });
});
