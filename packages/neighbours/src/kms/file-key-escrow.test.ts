import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { temporaryDirectory } from '@holdfast/testkit';
import { secureRandomBytes } from '../identity/entity-id.ts';
import { MasterKey } from '../secrets/master-key.ts';
import { testNeighbours } from '../testing/test-neighbours.ts';
import { FileKeyEscrow } from './file-key-escrow.ts';
import { VaultKeyProvider } from './vault-key-provider.ts';

test('keys outlive their catalog: master key and escrow together open what was wrapped', async (t) => {
  const directory = join(temporaryDirectory(t, 'holdfast-escrow-'), 'keys');
  const masterKey = new MasterKey(secureRandomBytes(32));
  const plain = secureRandomBytes(32);
  let wrapped: Awaited<ReturnType<VaultKeyProvider['wrap']>>;
  let keyArn: string;
  {
    await using first = await testNeighbours({ masterKey, escrow: new FileKeyEscrow(directory) });
    const key = await first.neighbours.keyService.ensureDefaultKey(
      { accountId: '123456789012', region: 'us-east-1' },
      first.now,
    );
    keyArn = `arn:aws:kms:us-east-1:123456789012:key/${key.keyId}`;
    wrapped = await new VaultKeyProvider(first.neighbours.keyService, keyArn, () => first.now).wrap(plain, { a: 'b' });
  }
  await using second = await testNeighbours({ masterKey, escrow: new FileKeyEscrow(directory) });
  const { keyService } = second.neighbours;
  const provider = new VaultKeyProvider(keyService, keyArn, () => second.now);
  await assert.rejects(provider.unwrap(wrapped, { a: 'b' }), { code: 'NotFoundException' });
  assert.equal(await keyService.ring.restoreFromEscrow(), 1);
  assert.deepEqual(Buffer.from(await provider.unwrap(wrapped, { a: 'b' })), Buffer.from(plain));
});

test('key files can be read by their owner alone and hold no plain material', async (t) => {
  const directory = join(temporaryDirectory(t, 'holdfast-escrow-'), 'keys');
  await using server = await testNeighbours({ escrow: new FileKeyEscrow(directory) });
  const [name = ''] = await readdir(directory);
  assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  const record = JSON.parse(await readFile(join(directory, name), 'utf8'));
  // Nonce, 32 bytes of material, tag: nothing else, so nothing in the clear.
  assert.equal(Buffer.from(record.backing.materials[0].sealed, 'base64').length, 12 + 32 + 16);
  assert.ok(server.now > 0);
});

test('the file of a key goes when the key is destroyed', async (t) => {
  const directory = join(temporaryDirectory(t, 'holdfast-escrow-'), 'keys');
  await using server = await testNeighbours({ escrow: new FileKeyEscrow(directory) });
  const kms = new sdk.KMSClient(server.config);
  const { KeyMetadata } = await kms.send(new sdk.CreateKeyCommand({}));
  const isThere = async (): Promise<boolean> =>
    (await readdir(directory)).some((name) => name.includes(KeyMetadata?.KeyId ?? '?'));
  assert.ok(await isThere());
  await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId, PendingWindowInDays: 7 }));
  const later = server.now + 7 * 86_400_000;
  await server.neighbours.keyService.executeMaintenance(
    await server.neighbours.keyService.planMaintenance(later),
    later,
  );
  assert.equal(await isThere(), false);
  kms.destroy();
});

test('a deletion that only the catalog knows of destroys nothing, and the key is put back', async (t) => {
  const directory = join(temporaryDirectory(t, 'holdfast-escrow-'), 'keys');
  await using server = await testNeighbours({ escrow: new FileKeyEscrow(directory) });
  const { keyService } = server.neighbours;
  const scope = { accountId: '123456789012', region: 'us-east-1' };
  const key = await keyService.ensureDefaultKey(scope, server.now);
  const forged = { ...key, state: 'PendingDeletion', deletionAt: 1 } as const;
  await keyService.ring.store.keys.put('123456789012/us-east-1', key.keyId, forged);
  await assert.rejects(keyService.ring.find(scope, key.keyId, server.now), { code: 'NotFoundException' });
  await keyService.executeMaintenance(await keyService.planMaintenance(server.now), server.now);
  assert.deepEqual(await keyService.ring.find(scope, key.keyId, server.now), key);
});

test('a damaged key file is named', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-escrow-');
  await writeFile(join(directory, 'x.key.json'), '{');
  await assert.rejects(new FileKeyEscrow(directory).keys().next(), /x\.key\.json cannot be read/);
});
