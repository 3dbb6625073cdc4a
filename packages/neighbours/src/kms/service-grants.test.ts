import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateKeyCommand, KMSClient, ListGrantsCommand, RevokeGrantCommand } from '@aws-sdk/client-kms';
import { secureRandomBytes } from '../identity/entity-id.ts';
import { testNeighbours } from '../testing/test-neighbours.ts';
import { ServiceGrants } from './service-grants.ts';

const GATEWAY = 'backup-gateway.amazonaws.com';
const PLAIN = Buffer.from('user and password of a hypervisor');

test('IAM-1 to IAM-3: a service uses a key under a grant that the user sees and may revoke', async () => {
  await using server = await testNeighbours();
  const kms = new KMSClient(server.config);
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  const grants = new ServiceGrants(server.neighbours.keyService, secureRandomBytes, GATEWAY, () => server.now);
  const context = { hypervisor: 'h-1' };
  const first = await grants.create(KeyId, 'hypervisor h-1', context);
  const second = await grants.create(KeyId, 'hypervisor h-2', { hypervisor: 'h-2' });
  const sealed = await grants.encrypt(first, PLAIN, context);
  assert.deepEqual(Buffer.from(await grants.decrypt(first, sealed, context)), PLAIN);
  await assert.rejects(grants.decrypt(first, sealed, { hypervisor: 'h-2' }), { code: 'InvalidCiphertextException' });

  const { Grants } = await kms.send(new ListGrantsCommand({ KeyId }));
  assert.deepEqual(
    Grants?.map((grant) => grant.GranteePrincipal),
    [GATEWAY, GATEWAY],
  );
  await kms.send(new RevokeGrantCommand({ KeyId, GrantId: first.grantId }));
  await assert.rejects(grants.decrypt(first, sealed, context), {
    code: 'AccessDeniedException',
    message: /was revoked/,
  });
  await grants.retire(first);
  await grants.retire(second);
  assert.deepEqual((await kms.send(new ListGrantsCommand({ KeyId }))).Grants, []);
  kms.destroy();
});
