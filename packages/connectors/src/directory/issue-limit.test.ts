import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ItemIssue } from '@holdfast/engine';
import { IssueLimit } from './issue-limit.ts';

it('lists a thousand lost details of a kind and counts the rest, but lists all missing data', () => {
  const reported: ItemIssue[] = [];
  const issues = new IssueLimit((issue) => reported.push(issue));
  for (let index = 0; index < 1500; index += 1) {
    issues.add({ path: Buffer.from(`${index}`), code: 'attribute-not-restored', message: 'owner', dataMissing: false });
    issues.add({ path: Buffer.from(`${index}`), code: 'not-restored', message: 'gone', dataMissing: true });
  }
  issues.finish();
  assert.equal(reported.filter((issue) => issue.dataMissing).length, 1500);
  const details = reported.filter((issue) => !issue.dataMissing);
  assert.equal(details.length, 1001);
  assert.match(details.at(-1)?.message ?? '', /^500 more/);
});
