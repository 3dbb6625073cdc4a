import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listPage } from './next-token.ts';

const CONTEXT = { accountId: '123456789012', region: 'us-east-1', operation: 'ListThings', now: 1000 };
const DAY_MS = 86_400_000;

function letters(afterKey: string | undefined, limit: number) {
  const all = ['a', 'b', 'c', 'd', 'e'];
  const items = all.filter((letter) => afterKey === undefined || letter > afterKey).slice(0, limit);
  const last = items.at(-1);
  return Promise.resolve(last !== undefined && last < 'e' ? { items, nextKey: last } : { items });
}

test('pages follow one another to the end, which has no token', async () => {
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await listPage({ MaxResults: 2, NextToken }, CONTEXT, ({ afterKey, limit }) =>
      letters(afterKey, limit),
    );
    seen.push(...page.items);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
});

test('the page size may change between pages, the filters, caller and action may not', async () => {
  const first = await listPage({ MaxResults: 1, filter: 'x' } as object, CONTEXT, ({ limit }) =>
    letters(undefined, limit),
  );
  const next = { NextToken: first.NextToken, MaxResults: 3, filter: 'x' } as object;
  const fetch = ({ afterKey, limit }: { afterKey?: string; limit: number }) => letters(afterKey, limit);
  assert.deepEqual((await listPage(next, CONTEXT, fetch)).items, ['b', 'c', 'd']);
  await assert.rejects(listPage({ ...next, filter: 'y' } as object, CONTEXT, fetch), /another list/);
  await assert.rejects(listPage(next, { ...CONTEXT, accountId: '999999999999' }, fetch), /another list/);
  await assert.rejects(listPage(next, { ...CONTEXT, operation: 'ListOthers' }, fetch), /another list/);
});

test('tokens expire after a day, and rubbish is refused', async () => {
  const fetch = ({ afterKey, limit }: { afterKey?: string; limit: number }) => letters(afterKey, limit);
  const first = await listPage({ MaxResults: 1 }, CONTEXT, fetch);
  const input = { NextToken: first.NextToken };
  assert.equal((await listPage(input, { ...CONTEXT, now: 1000 + DAY_MS }, fetch)).items.length, 4);
  await assert.rejects(listPage(input, { ...CONTEXT, now: 1001 + DAY_MS }, fetch), /expired/);
  for (const NextToken of [
    '',
    'x',
    Buffer.from('[1,2,3]').toString('base64url'),
    Buffer.from('{').toString('base64url'),
  ]) {
    await assert.rejects(listPage({ NextToken }, CONTEXT, fetch), { code: 'InvalidParameterValueException' });
  }
});
