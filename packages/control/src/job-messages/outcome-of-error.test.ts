import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectorError } from '@holdfast/connectors';
import { AuthorityError, EngineError, KeyError, StoreError } from '@holdfast/engine';
import { JobFailure, outcomeOfError } from './outcome-of-error.ts';

function summary(error: unknown): string {
  const outcome = outcomeOfError(error);
  return `${outcome.result} ${'category' in outcome ? outcome.category : ''}`;
}

test('each class of a connector error decides between failed and tried again', () => {
  assert.equal(summary(new ConnectorError('invalid-request', 'x')), 'failed INVALID_PARAMETERS');
  assert.equal(summary(new ConnectorError('not-found', 'x')), 'failed RESOURCE_NOT_FOUND');
  assert.equal(summary(new ConnectorError('denied', 'x')), 'failed ACCESS_DENIED');
  assert.equal(summary(new ConnectorError('unavailable', 'x')), 'retry SERVICE_UNAVAILABLE');
  assert.equal(summary(new ConnectorError('conflict', 'x')), 'retry CONCURRENT_JOB');
  assert.equal(summary(new ConnectorError('permanent', 'x')), 'failed FATAL_ERROR');
});

test('a store that is away is tried again, one that is full or refuses fails', () => {
  assert.equal(summary(new StoreError('unavailable', 'x')), 'retry SERVICE_UNAVAILABLE');
  assert.equal(summary(new StoreError('throttled', 'x')), 'retry SERVICE_UNAVAILABLE');
  assert.equal(summary(new StoreError('no-space', 'x')), 'failed LIMIT_EXCEEDED');
  assert.equal(summary(new StoreError('denied', 'x')), 'failed ACCESS_DENIED');
  assert.equal(summary(new StoreError('corrupt', 'x')), 'failed FATAL_ERROR');
});

test('keys, leases, damage, rules and everything else have their categories', () => {
  assert.equal(summary(new KeyError('wrong-key', 'x')), 'failed KMS_KEY_ERROR');
  assert.equal(summary(new EngineError('lease-lost', 'x')), 'retry SERVICE_UNAVAILABLE');
  assert.equal(summary(new AuthorityError('lease-lost', 'x')), 'retry SERVICE_UNAVAILABLE');
  assert.equal(summary(new EngineError('damaged', 'x')), 'failed FATAL_ERROR');
  assert.equal(summary(new JobFailure('INVALID_LIFECYCLE', 'x')), 'failed INVALID_LIFECYCLE');
  assert.equal(summary('not even an error'), 'failed FATAL_ERROR');
});
