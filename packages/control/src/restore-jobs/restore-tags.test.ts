import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import { restoreTags } from './restore-tags.ts';

const TAGS = { team: 'blue' };
const JOB = { resourceType: 'EFS', copySourceTags: false, metadata: {} };

test('tags are copied when asked for (RST-30), and always for the types that carry them along (RST-39)', () => {
  assert.deepEqual(restoreTags(JOB, TAGS).copyTags, {});
  assert.deepEqual(restoreTags({ ...JOB, copySourceTags: true }, TAGS).copyTags, TAGS);
  for (const resourceType of ['RDS', 'Redshift']) {
    assert.deepEqual(restoreTags({ ...JOB, resourceType }, TAGS).copyTags, TAGS);
  }
});

test('item-level restores never copy tags, however the key is written (RST-36)', () => {
  for (const key of ['ItemsToRestore', 'itemsToRestore']) {
    const job = { ...JOB, copySourceTags: true, metadata: { [key]: '["/a"]' } };
    assert.deepEqual(restoreTags(job, TAGS).copyTags, {});
  }
});

test('asking for tags of a type that has none to give fails the job (RST-31)', () => {
  for (const resourceType of ['VirtualMachine', 'SAP HANA on Amazon EC2', 'Timestream', 'DynamoDB', 'S3']) {
    assert.throws(() => restoreTags({ ...JOB, resourceType, copySourceTags: true }, TAGS), JobFailure);
    assert.deepEqual(restoreTags({ ...JOB, resourceType }, TAGS).copyTags, {});
  }
});
