import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRecoveryPoint, aVault } from '../plans/testing/plan-world.ts';
import { sealedFacts } from '../recovery-points/sealed-facts.ts';

import { MemoryLegalHoldStore } from '../testing/memory-legal-hold-store.ts';
import { recoverLegalHolds } from './recover-legal-holds.ts';

const HOLD = 'arn:aws:backup:us-east-1:123456789012:legal-hold:case-7';

test('a hold that the engine enforces is active again, and one that this service did not give is told', async () => {
  const [one, two] = [aRecoveryPoint('one', aVault('evidence')), aRecoveryPoint('two', aVault('evidence'))];
  const legalHolds = new MemoryLegalHoldStore({ all: () => [one, two] }, { put: async () => true });
  const warnings: unknown[] = [];
  const ports = {
    clock: { now: () => 5000 },
    log: (_level: string, _message: string, fields?: unknown) => void warnings.push(fields),
    legalHolds,
  };
  const factsOf = (recoveryPoint: typeof one) => sealedFacts({ recoveryPoint, tags: {} });
  const found = [
    { facts: factsOf(one), holds: [HOLD, 'somebody else'] },
    { facts: factsOf(two), holds: [] },
  ];
  assert.equal(await recoverLegalHolds(ports, found), 1);
  assert.deepEqual([legalHolds.isHeld(one), legalHolds.isHeld(two)], [true, false]);
  const hold = await legalHolds.get({ accountId: '123456789012', region: 'us-east-1' }, 'case-7');
  assert.deepEqual([hold?.arn, hold?.status, hold?.createdAt], [HOLD, 'ACTIVE', 5000]);
  assert.deepEqual(warnings, [{ hold: 'somebody else', recoveryPointArn: one.arn, recoveryPoints: 1 }]);
});
