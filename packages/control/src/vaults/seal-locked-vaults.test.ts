import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { SCOPE, type TestControl, testControl, withFileSystem } from '../testing/test-control.ts';
import { sealLockedVaults } from './seal-locked-vaults.ts';

const DAY_MS = 86_400_000;
const { signal } = new AbortController();

async function withLockedVault(lockDateInMs: number) {
  const control = await testControl();
  await withFileSystem(control);
  const now = control.clock.now();
  await aRecoveryPoint(control, { deleteAt: now + DAY_MS });
  await aRecoveryPoint(control);
  const vault = await control.stores.vaults.get(SCOPE, 'Default');
  const lock = { lockedAt: now - DAY_MS, lockDateAt: now + lockDateInMs };
  control.stores.vaults.change(vault?.vaultId ?? '', { lock });
  return control;
}

function retentions(control: TestControl) {
  return [...control.retentions.values()].map(({ lockedUntilAt, lockMode }) => [lockedUntilAt, lockMode]).sort();
}

test('from the lock date on everything in the vault is locked in the store, once', async () => {
  await using control = await withLockedVault(0);
  const now = control.clock.now();
  await sealLockedVaults(control.ports, signal);
  assert.deepEqual(retentions(control), [
    [now + DAY_MS, 'compliance'],
    [now + 36_500 * DAY_MS, 'compliance'],
  ]);
  assert.equal((await control.stores.vaults.get(SCOPE, 'Default'))?.lock?.sealedAt, now);
  control.retentions.clear();
  await sealLockedVaults(control.ports, signal);
  assert.equal(control.retentions.size, 0);
});

test('during the grace time nothing is locked in the store', async () => {
  await using control = await withLockedVault(1);
  await sealLockedVaults(control.ports, signal);
  assert.equal(control.retentions.size, 0);
});

test('a store that fails leaves the vault for the next round', async () => {
  await using control = await withLockedVault(0);
  control.switches.storeFailure = new Error('away');
  await sealLockedVaults(control.ports, signal);
  assert.equal((await control.stores.vaults.get(SCOPE, 'Default'))?.lock?.sealedAt, undefined);
  control.switches.storeFailure = undefined;
  await sealLockedVaults(control.ports, signal);
  assert.equal(control.retentions.size, 2);
});
