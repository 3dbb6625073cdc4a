import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeletionFacts, planDeletion } from './deletion-plan.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

const POINT = { arn: 'arn:rp', status: 'COMPLETED', sizeBytes: 7 } as RecoveryPointRecord;
const FACTS: DeletionFacts = { vault: { name: 'v' }, holds: [], isBeingRestored: false, cause: 'request', now: 1000 };
const LOCKED = { name: 'v', lock: { lockedAt: 0 } };

function refusal(point: Partial<RecoveryPointRecord>, facts: Partial<DeletionFacts>): string | undefined {
  const decision = planDeletion({ ...POINT, ...point }, { ...FACTS, ...facts });
  return decision.allowed ? undefined : decision.refusal;
}

test('a free recovery point may go, and the plan tells how much goes', () => {
  const decision = planDeletion(POINT, FACTS);
  assert.ok(decision.allowed);
  assert.deepEqual(decision.plan, { recoveryPoint: POINT, cause: 'request', sizeBytes: 7 });
});

test('a lock protects until the retention is over, and from requests even then', () => {
  assert.equal(refusal({}, { vault: LOCKED }), 'protected');
  assert.equal(refusal({ deleteAt: 999 }, { vault: LOCKED }), 'protected');
  assert.equal(refusal({ deleteAt: 999 }, { vault: LOCKED, cause: 'lifecycle' }), undefined);
  assert.equal(refusal({ deleteAt: 1001 }, { vault: LOCKED, cause: 'lifecycle' }), 'protected');
  assert.equal(refusal({}, { vault: LOCKED, cause: 'lifecycle' }), 'protected');
});

test('a legal hold protects from lifecycle and requests alike', () => {
  assert.equal(refusal({}, { holds: ['hold'] }), 'protected');
  assert.equal(refusal({ deleteAt: 1 }, { holds: ['hold'], cause: 'lifecycle' }), 'protected');
});

test('work that passes makes busy, and weighs less than protection', () => {
  assert.equal(refusal({}, { isBeingRestored: true }), 'busy');
  assert.equal(refusal({ status: 'DELETING' }, {}), 'busy');
  assert.equal(refusal({ status: 'CREATING' }, {}), 'busy');
  assert.equal(refusal({ status: 'DELETING' }, { holds: ['hold'] }), 'protected');
});

test('a composite goes after what is nested in it', () => {
  assert.equal(refusal({ isParent: true }, { hasNested: true }), 'protected');
  assert.equal(refusal({ isParent: true }, { hasNested: false }), undefined);
  assert.equal(refusal({ parentRecoveryPointArn: 'arn:parent' }, {}), undefined);
});
