import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryRecords } from '../records/memory-records.ts';
import { allRecords, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { MasterKey } from '../secrets/master-key.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { bootstrapAccount, FIRST_ACCOUNT } from './bootstrap.ts';
import { IdentityCredentials } from './credentials.ts';
import { secureRandomBytes } from './entity-id.ts';
import { issueSession, removeExpiredSessions } from './issue-session.ts';
import { createMemoryIdentityStore } from './memory-identity-store.ts';

const NOW = Date.UTC(2024, 1, 14);
const HOUR_MS = 3_600_000;

function newStore() {
  const store = createMemoryIdentityStore(createMemoryRecords());
  const box = new SecretBox(new MasterKey(secureRandomBytes(32)).deriveKey('access keys'), secureRandomBytes);
  const ports = { store, box, random: secureRandomBytes };
  return { ...ports, ports, credentials: new IdentityCredentials(store, store.sessions, box) };
}

test('the first start makes account, administrator and default role; later starts change nothing', async () => {
  const { store, ports, credentials } = newStore();
  const first = await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW });
  assert.ok(first.accessKey !== undefined);
  const credential = await credentials.lookup(first.accessKey.accessKeyId);
  assert.equal(credential?.secretAccessKey, first.accessKey.secretAccessKey);
  assert.equal(credential?.principal.arn, 'arn:aws:iam::123456789012:user/administrator');
  const [role] = await allRecords(store.roles, FIRST_ACCOUNT.accountId);
  assert.equal(role?.path, '/service-role/');
  assert.ok(role?.attachedPolicyArns.some((arn) => arn.endsWith('AWSBackupServiceRolePolicyForRestores')));

  const again = await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW + 1 });
  assert.equal(again.accessKey, undefined);
  assert.equal((await allRecords(store.users, FIRST_ACCOUNT.accountId)).length, 1);
  assert.equal((await store.accounts.get(GLOBAL_SCOPE, FIRST_ACCOUNT.accountId))?.createdAt, NOW);
});

test('a default role that was deleted is made again, an administrator that was deleted is not', async () => {
  const { store, ports } = newStore();
  await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW });
  await store.roles.delete(FIRST_ACCOUNT.accountId, 'awsbackupdefaultservicerole');
  await store.users.delete(FIRST_ACCOUNT.accountId, 'administrator');
  await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW + 1 });
  assert.equal((await allRecords(store.roles, FIRST_ACCOUNT.accountId)).length, 1);
  assert.equal((await allRecords(store.users, FIRST_ACCOUNT.accountId)).length, 0);
});

test('no secret is kept in the clear', async () => {
  const { store, ports } = newStore();
  const { accessKey } = await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW });
  const kept = JSON.stringify([
    await allRecords(store.accessKeys, GLOBAL_SCOPE),
    await allRecords(store.users, FIRST_ACCOUNT.accountId),
  ]);
  assert.ok(accessKey !== undefined && !kept.includes(accessKey.secretAccessKey));
});

test('a key whose sealed secret was moved to another key does not open', async () => {
  const { store, ports, credentials } = newStore();
  const { accessKey } = await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW });
  const record = await store.accessKeys.get(GLOBAL_SCOPE, accessKey?.accessKeyId ?? '');
  assert.ok(record !== undefined);
  await store.accessKeys.put(GLOBAL_SCOPE, 'AKIAOTHER', { ...record, accessKeyId: 'AKIAOTHER' });
  await assert.rejects(credentials.lookup('AKIAOTHER'), /cannot be opened/);
});

test('the root of an account can have a key, and a deleted user’s key is dead', async () => {
  const { store, box, ports, credentials } = newStore();
  const { accessKey } = await bootstrapAccount(ports, { ...FIRST_ACCOUNT, now: NOW });
  const { accountId } = FIRST_ACCOUNT;
  const sealedSecret = box.sealText('s', 'AKIAROOT');
  await store.accessKeys.put(GLOBAL_SCOPE, 'AKIAROOT', {
    accessKeyId: 'AKIAROOT',
    accountId,
    sealedSecret,
    status: 'Active',
    createdAt: NOW,
  });
  assert.deepEqual((await credentials.lookup('AKIAROOT'))?.principal, {
    type: 'Root',
    arn: `arn:aws:iam::${accountId}:root`,
    accountId,
    userId: accountId,
  });
  await store.users.delete(accountId, 'administrator');
  assert.equal(await credentials.lookup(accessKey?.accessKeyId ?? ''), undefined);
  assert.equal(await credentials.lookup('AKIANOBODY'), undefined);
});

test('expired sessions stay for a day, so that they are called expired, and are then removed', async () => {
  const { store, ports, credentials } = newStore();
  const { accountId } = FIRST_ACCOUNT;
  const session = await issueSession({ ...ports, sessions: store.sessions }, accountId, { type: 'root' }, NOW, 900);
  assert.equal((await credentials.lookup(session.accessKeyId))?.expiresAt, NOW + 900_000);
  assert.equal((await credentials.lookup(session.accessKeyId))?.sessionToken, session.sessionToken);
  assert.equal(await removeExpiredSessions(store.sessions, NOW + 23 * HOUR_MS), 0);
  assert.equal(await removeExpiredSessions(store.sessions, NOW + 25 * HOUR_MS), 1);
  assert.equal(await credentials.lookup(session.accessKeyId), undefined);
});
