import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EncryptCommand, KMSClient, ListKeysCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { CreateAccountCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetResourceSharesCommand, RAMClient } from '@aws-sdk/client-ram';
import { type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';

let server: TestNeighbours;
before(async () => {
  server = await testNeighbours();
});
after(() => server[Symbol.asyncDispose]());

test('values outside the limits of their service are refused with its own error, never with an internal one', async () => {
  const kms = new KMSClient(server.config);
  const organizations = new OrganizationsClient(server.config);
  const ram = new RAMClient(server.config);
  const refusals: readonly (readonly [code: string, call: () => Promise<unknown>])[] = [
    ['ValidationException', () => kms.send(new ListKeysCommand({ Limit: 0 }))],
    ['ValidationException', () => kms.send(new ScheduleKeyDeletionCommand({ KeyId: 'x', PendingWindowInDays: 6 }))],
    ['ValidationException', () => kms.send(new EncryptCommand({ KeyId: 'x', Plaintext: new Uint8Array(4097) }))],
    ['ValidationException', () => kms.send(new EncryptCommand({ KeyId: undefined, Plaintext: new Uint8Array(1) }))],
    ['InvalidInputException', () => organizations.send(new ListAccountsCommand({ MaxResults: 21 }))],
    ['InvalidInputException', () => organizations.send(new CreateAccountCommand({ AccountName: 'x', Email: 'none' }))],
    ['InvalidParameterException', () => ram.send(new GetResourceSharesCommand({ resourceOwner: undefined }))],
  ];
  for (const [code, call] of refusals) {
    await assert.rejects(call(), (error: Error) => {
      assert.equal(error.name, code, error.message);
      return true;
    });
  }
  kms.destroy();
  organizations.destroy();
  ram.destroy();
});
