import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditVault } from '../collect/audit-vault.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { planCollection } from '../collect/plan-collection.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { assertContents, Machine, TINY_PACKS } from '../testing/crash-scenarios.ts';
import type { Files, SampleVault } from '../testing/sample-vault.ts';
import { executeIndexRepair, planIndexRepair } from './repair-index.ts';

/** Behind the header, among packs, filter and directory. */
const FRONT = 150;

function content(...seeds: readonly number[]): Files {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

const KEPT = content(1, 5, 9, 13);

/** A vault whose frames were moved, so that nothing is found without the index. */
async function movedVault(): Promise<{ readonly machine: Machine; readonly vault: SampleVault }> {
  const machine = new Machine();
  const vault = await machine.process();
  await vault.backup('all', content(...Array.from({ length: 16 }, (_, index) => index + 1)));
  await vault.backup('kept', KEPT, { parentId: 'all' });
  await deleteRecoveryPoint(vault, 'all');
  for (let round = 0; round < 3; round += 1) {
    await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
    machine.clock.advance(TINY_PACKS.graceMs);
  }
  return { machine, vault };
}

describe('a damaged index segment', () => {
  for (const place of ['front', 'pages', 'whole object'] as const) {
    test(`is found and written anew from the packs themselves when its ${place} is lost`, async () => {
      const { machine, vault } = await movedVault();
      const segments = await vault.authority.segments(vault.vaultId);
      for (const segment of segments) {
        const { sizeBytes } = await machine.store.head(`index/${segment}`);
        if (place === 'whole object') machine.store.lose(`index/${segment}`);
        else machine.store.damage(`index/${segment}`, place === 'front' ? FRONT : sizeBytes - 1);
      }
      await assert.rejects(assertContents(await machine.process(), new Map([['kept', KEPT]])));
      const survivor = await machine.process();
      const shallow = await planIndexRepair(survivor, { isDeep: false });
      assert.equal(shallow.damaged.length, place === 'pages' ? 0 : segments.length);
      const plan = await planIndexRepair(survivor, { isDeep: true });
      assert.equal(plan.damaged.length, segments.length);
      const { retired, added, undescribed } = await executeIndexRepair(survivor, plan);
      assert.deepEqual([[...retired].sort(), undescribed], [[...segments].sort(), []]);
      assert.ok(added.length > 0);
      assert.deepEqual((await planIndexRepair(survivor, { isDeep: true })).damaged, []);
      await assertContents(await machine.process(), new Map([['kept', KEPT]]));
      assert.deepEqual((await auditVault(await machine.process())).findings, []);
    });
  }

  test('gives what its intact pages say of packs that cannot be read', async () => {
    const { machine, vault } = await movedVault();
    const packs = await vault.authority.allPacks(vault.vaultId, undefined, 100);
    const segments = await vault.authority.segments(vault.vaultId);
    // The footers are gone, the frames are not; and of the index just the filters.
    for (const { packId, sizeBytes } of packs) {
      machine.store.damage(`packs/${packId.slice(-2)}/${packId}`, sizeBytes - 1);
    }
    const damaged = segments.map((segmentId) => ({
      segmentId,
      damage: 'said',
      packIds: packs.map(({ packId }) => packId),
    }));
    const plan = { damaged, packIds: packs.map(({ packId }) => packId) };
    const { undescribed } = await executeIndexRepair(vault, plan);
    assert.equal(undescribed.length, packs.length);
    await assertContents(await machine.process(), new Map([['kept', KEPT]]));
  });

  test('is not looked for twice when there is none', async () => {
    const { vault } = await movedVault();
    const before = await vault.authority.segments(vault.vaultId);
    const plan = await planIndexRepair(vault, { isDeep: true });
    assert.deepEqual(plan, { damaged: [], packIds: [] });
    assert.deepEqual(await executeIndexRepair(vault, plan), { retired: [], added: [], undescribed: [] });
    assert.deepEqual(await vault.authority.segments(vault.vaultId), before);
  });
});
