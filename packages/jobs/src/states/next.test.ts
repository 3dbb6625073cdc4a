import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBegun, isEnded, next, nextState } from './next.ts';

test('a backup job that is stopped while it runs passes through ABORTING', () => {
  const aborting: 'ABORTING' = next('backup', 'RUNNING', 'stop');
  assert.equal(next('backup', aborting, 'stopped'), 'ABORTED');
});

test('what cannot happen does not compile, and is undefined for states from the catalog', () => {
  // @ts-expect-error an ended job does not begin
  assert.equal(next('backup', 'COMPLETED', 'begin'), undefined);
  assert.equal(nextState('backup', 'COMPLETED', 'begin'), undefined);
  assert.equal(nextState('restore', 'RUNNING', 'completePartly'), undefined);
});

test('a job whose result may still be recorded is not ended, and a stopping one still occupies its resource', () => {
  assert.equal(isEnded('backup', 'ABORTING'), false);
  assert.equal(hasBegun('backup', 'ABORTING'), true);
  assert.equal(hasBegun('backup', 'PENDING'), false);
  assert.equal(isEnded('copy', 'PARTIAL'), true);
});
