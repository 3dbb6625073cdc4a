import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAcl } from './object-acl.ts';
import { grantsOf } from './object-attributes.ts';

const OWNER = '<Owner><ID>me</ID><DisplayName>Me &amp; you</DisplayName></Owner>';

function acl(...grants: readonly (readonly [grantee: string, permission: string])[]): string {
  const list = grants.map(
    ([grantee, permission]) =>
      `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${grantee}</Grantee><Permission>${permission}</Permission></Grant>`,
  );
  return `<AccessControlPolicy>${OWNER}<AccessControlList>${list.join('\n')}</AccessControlList></AccessControlPolicy>`;
}

test('the list that every object has at first is not kept', () => {
  assert.equal(parseAcl(acl(['<ID>me</ID><DisplayName>Me</DisplayName>', 'FULL_CONTROL'])), undefined);
});

test('a list is given back as headers, with the rights of the old owner for the new one', () => {
  const parsed = parseAcl(
    acl(
      ['<ID>me</ID>', 'FULL_CONTROL'],
      ['<ID>a&lt;b</ID>', 'FULL_CONTROL'],
      ['<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>', 'READ'],
    ),
  );
  assert.deepEqual(grantsOf(parsed, 'new'), {
    'x-amz-grant-full-control': 'id="new", id="a<b"',
    'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"',
  });
  assert.deepEqual(grantsOf(parsed, undefined), {});
});

test('a list without any right for the owner is kept', () => {
  assert.deepEqual(parseAcl(acl()), { owner: 'me', grants: [] });
});
