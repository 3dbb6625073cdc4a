import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as iamSdk from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-kms';
import { type TestClientConfig, type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';

const ACCOUNT = '123456789012';
const DAY_MS = 86_400_000;
let server: TestNeighbours;
let kms: sdk.KMSClient;
let iam: iamSdk.IAMClient;

before(async () => {
  server = await testNeighbours();
  kms = new sdk.KMSClient(server.config);
  iam = new iamSdk.IAMClient(server.config);
});
after(async () => {
  kms.destroy();
  iam.destroy();
  await server[Symbol.asyncDispose]();
});

function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

async function refusedWith(code: string, call: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

async function newKey(input: Partial<sdk.CreateKeyCommandInput> = {}): Promise<string> {
  const { KeyMetadata } = await kms.send(new sdk.CreateKeyCommand(input));
  return KeyMetadata?.Arn ?? '';
}

async function newUser(UserName: string, ...statements: object[]): Promise<TestClientConfig> {
  await iam.send(new iamSdk.CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    await iam.send(
      new iamSdk.PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: document(...statements) }),
    );
  }
  const { AccessKey } = await iam.send(new iamSdk.CreateAccessKeyCommand({ UserName }));
  return server.as(AccessKey ?? {});
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const Plaintext = Buffer.from('a secret');

test('a key lives through the calls with which Terraform makes, reads, changes and destroys it', async () => {
  const { KeyMetadata } = await kms.send(
    new sdk.CreateKeyCommand({ Description: 'vault key', Tags: [{ TagKey: 'Owner', TagValue: 'Backup' }] }),
  );
  const KeyId = KeyMetadata?.KeyId ?? '';
  assert.deepEqual(
    [
      KeyMetadata?.KeyState,
      KeyMetadata?.Enabled,
      KeyMetadata?.Origin,
      KeyMetadata?.KeyManager,
      KeyMetadata?.MultiRegion,
    ],
    ['Enabled', true, 'AWS_KMS', 'CUSTOMER', false],
  );
  const { Policy } = await kms.send(new sdk.GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  assert.match(Policy ?? '', /arn:aws:iam::123456789012:root/);
  assert.equal((await kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled, false);
  assert.deepEqual((await kms.send(new sdk.ListResourceTagsCommand({ KeyId }))).Tags, [
    { TagKey: 'Owner', TagValue: 'Backup' },
  ]);
  await kms.send(new sdk.EnableKeyRotationCommand({ KeyId }));
  assert.equal((await kms.send(new sdk.GetKeyRotationStatusCommand({ KeyId }))).RotationPeriodInDays, 365);
  await kms.send(new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'changed' }));
  await kms.send(new sdk.UntagResourceCommand({ KeyId, TagKeys: ['Owner'] }));
  await kms.send(new sdk.DisableKeyCommand({ KeyId }));
  await kms.send(new sdk.EnableKeyCommand({ KeyId }));

  const AliasName = 'alias/vault';
  await kms.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  await refusedWith('AlreadyExistsException', kms.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: KeyId })));
  const described = await kms.send(new sdk.DescribeKeyCommand({ KeyId: AliasName }));
  assert.equal(described.KeyMetadata?.Description, 'changed');
  const { Aliases } = await kms.send(new sdk.ListAliasesCommand({ KeyId }));
  assert.deepEqual(
    Aliases?.map((alias) => [alias.AliasName, alias.TargetKeyId]),
    [[AliasName, KeyId]],
  );
  await kms.send(new sdk.DeleteAliasCommand({ AliasName }));
  await refusedWith('NotFoundException', kms.send(new sdk.DeleteAliasCommand({ AliasName })));

  const deletion = await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  assert.equal(deletion.KeyState, 'PendingDeletion');
  await refusedWith(
    'KMSInvalidStateException',
    kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId })),
    /pending deletion/,
  );
  const pending = (await kms.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata;
  assert.equal(pending?.KeyState, 'PendingDeletion');
  assert.ok(pending?.DeletionDate instanceof Date);
});

test('what was encrypted comes back under the same context, and under no other', async () => {
  const KeyId = await newKey();
  const EncryptionContext = { vault: 'v', serial: '1' };
  const { CiphertextBlob } = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
  const again = { serial: '1', vault: 'v' };
  const opened = await kms.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: again }));
  assert.deepEqual([text(opened.Plaintext), opened.KeyId], ['a secret', KeyId]);
  await refusedWith('InvalidCiphertextException', kms.send(new sdk.DecryptCommand({ CiphertextBlob })));
  await refusedWith(
    'InvalidCiphertextException',
    kms.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: { vault: 'w', serial: '1' } })),
  );
  const broken = Uint8Array.from(CiphertextBlob ?? []);
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  await refusedWith(
    'InvalidCiphertextException',
    kms.send(new sdk.DecryptCommand({ CiphertextBlob: broken, EncryptionContext })),
  );
  await refusedWith(
    'InvalidCiphertextException',
    kms.send(new sdk.DecryptCommand({ CiphertextBlob: Buffer.from([1, 255, 255]) })),
  );
  const other = await newKey();
  await refusedWith(
    'IncorrectKeyException',
    kms.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: other })),
  );
  const moved = await kms.send(
    new sdk.ReEncryptCommand({ CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: other }),
  );
  assert.deepEqual([moved.SourceKeyId, moved.KeyId], [KeyId, other]);
  assert.equal(
    text((await kms.send(new sdk.DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }))).Plaintext),
    'a secret',
  );
});

test('data keys come in the sizes asked for, with and without their plain form', async () => {
  const KeyId = await newKey();
  for (const [input, size] of [
    [{ KeySpec: 'AES_256' }, 32],
    [{ KeySpec: 'AES_128' }, 16],
    [{ NumberOfBytes: 64 }, 64],
  ] as const) {
    const made = await kms.send(new sdk.GenerateDataKeyCommand({ KeyId, ...input }));
    assert.equal(made.Plaintext?.length, size);
    const opened = await kms.send(new sdk.DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    assert.deepEqual(Buffer.from(opened.Plaintext ?? []), Buffer.from(made.Plaintext ?? []));
  }
  const blind = await kms.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }));
  assert.ok(!('Plaintext' in blind));
  await refusedWith('ValidationException', kms.send(new sdk.GenerateDataKeyCommand({ KeyId })));
  await refusedWith(
    'ValidationException',
    kms.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', NumberOfBytes: 1 })),
  );
});

test('a disabled key and one that awaits deletion do nothing, and work again afterwards', async () => {
  const KeyId = await newKey();
  const { CiphertextBlob } = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
  await kms.send(new sdk.DisableKeyCommand({ KeyId }));
  await refusedWith('DisabledException', kms.send(new sdk.EncryptCommand({ KeyId, Plaintext })), /is disabled/);
  await refusedWith('DisabledException', kms.send(new sdk.DecryptCommand({ CiphertextBlob })));
  await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await refusedWith('KMSInvalidStateException', kms.send(new sdk.DecryptCommand({ CiphertextBlob })));
  await refusedWith('KMSInvalidStateException', kms.send(new sdk.EnableKeyCommand({ KeyId })));
  await kms.send(new sdk.CancelKeyDeletionCommand({ KeyId }));
  assert.equal((await kms.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState, 'Disabled');
  await kms.send(new sdk.EnableKeyCommand({ KeyId }));
  assert.equal(text((await kms.send(new sdk.DecryptCommand({ CiphertextBlob }))).Plaintext), 'a secret');
});

test('rotation makes new material; the old one still decrypts; deletion takes place on its day', async () => {
  const { keyService } = server.neighbours;
  const KeyId = await newKey();
  await kms.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const before = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
  const doomed = await newKey();
  await kms.send(new sdk.CreateAliasCommand({ AliasName: 'alias/doomed', TargetKeyId: doomed }));
  await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 30 }));

  const early = await keyService.planMaintenance(server.now + 29 * DAY_MS);
  assert.deepEqual(early.rotate, []);
  assert.ok(early.destroy.every((key) => !doomed.endsWith(key.keyId)));
  const later = server.now + 91 * DAY_MS;
  const plan = await keyService.planMaintenance(later);
  assert.ok(plan.rotate.some((key) => KeyId.endsWith(key.keyId)));
  assert.ok(plan.destroy.some((key) => doomed.endsWith(key.keyId)));
  await keyService.executeMaintenance(plan, later);
  assert.deepEqual(await keyService.planMaintenance(later), { rotate: [], destroy: [] });

  const { Rotations } = await kms.send(new sdk.ListKeyRotationsCommand({ KeyId }));
  assert.deepEqual(
    Rotations?.map((rotation) => rotation.RotationType),
    ['AUTOMATIC'],
  );
  const afterwards = await kms.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
  for (const { CiphertextBlob } of [before, afterwards]) {
    assert.equal(text((await kms.send(new sdk.DecryptCommand({ CiphertextBlob }))).Plaintext), 'a secret');
  }
  await refusedWith('NotFoundException', kms.send(new sdk.DescribeKeyCommand({ KeyId: doomed })));
  await refusedWith('NotFoundException', kms.send(new sdk.DescribeKeyCommand({ KeyId: 'alias/doomed' })));
});

test('a deletion that was cancelled after it was planned does not happen', async () => {
  const { keyService } = server.neighbours;
  const KeyId = await newKey();
  await kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  const later = server.now + 8 * DAY_MS;
  const plan = await keyService.planMaintenance(later);
  await kms.send(new sdk.CancelKeyDeletionCommand({ KeyId }));
  await keyService.executeMaintenance(plan, later);
  assert.equal((await kms.send(new sdk.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState, 'Disabled');
});

test('the default key is there, can be looked at and not be changed or used directly', async () => {
  const KeyId = 'alias/aws/backup';
  const { KeyMetadata } = await kms.send(new sdk.DescribeKeyCommand({ KeyId }));
  assert.equal(KeyMetadata?.KeyManager, 'AWS');
  const again = await kms.send(new sdk.DescribeKeyCommand({ KeyId }));
  assert.equal(again.KeyMetadata?.Arn, KeyMetadata?.Arn);
  await refusedWith('AccessDeniedException', kms.send(new sdk.EncryptCommand({ KeyId, Plaintext })));
  await refusedWith('AccessDeniedException', kms.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.Arn })));
  await refusedWith('InvalidAliasNameException', kms.send(new sdk.DeleteAliasCommand({ AliasName: KeyId })));
  const { PolicyNames } = await kms.send(new sdk.ListKeyPoliciesCommand({ KeyId: KeyMetadata?.KeyId }));
  assert.deepEqual(PolicyNames, ['default']);
});

test('a key policy decides alone: administrators stay outside unless it names them', async () => {
  const AWS = `arn:aws:iam::${ACCOUNT}:user/keeper`;
  const keeper = await newUser('keeper');
  const Policy = document({ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' });
  await refusedWith(
    'MalformedPolicyDocumentException',
    kms.send(new sdk.CreateKeyCommand({ Policy })),
    /update the key policy/,
  );
  const KeyId = await newKey({ Policy, BypassPolicyLockoutSafetyCheck: true });
  await refusedWith(
    'AccessDeniedException',
    kms.send(new sdk.DescribeKeyCommand({ KeyId })),
    /no resource-based policy/,
  );
  const asKeeper = new sdk.KMSClient(keeper);
  await asKeeper.send(new sdk.EncryptCommand({ KeyId, Plaintext }));
  await refusedWith('AccessDeniedException', asKeeper.send(new sdk.ListKeysCommand({})), /identity-based/);
  await asKeeper.send(
    new sdk.PutKeyPolicyCommand({
      KeyId,
      Policy: document({ Effect: 'Allow', Principal: { AWS: [AWS, ACCOUNT] }, Action: 'kms:*', Resource: '*' }),
    }),
  );
  await kms.send(new sdk.DescribeKeyCommand({ KeyId }));
  asKeeper.destroy();
});

test('conditions see the encryption context', async () => {
  const user = await newUser('contextual', {
    Effect: 'Allow',
    Action: 'kms:Encrypt',
    Resource: '*',
    Condition: { StringEquals: { 'kms:EncryptionContext:vault': 'v' } },
  });
  const KeyId = await newKey();
  const mine = new sdk.KMSClient(user);
  await mine.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext: { vault: 'v' } }));
  await refusedWith(
    'AccessDeniedException',
    mine.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext: { vault: 'w' } })),
  );
  mine.destroy();
});

test('IAM-1 to IAM-3: a grant lets a principal in, within its context, until it is revoked or retired', async () => {
  const grantee = await newUser('grantee');
  const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:user/grantee`;
  const KeyId = await newKey();
  const mine = new sdk.KMSClient(grantee);
  const EncryptionContext = { hypervisor: 'h' };
  const encrypt = (context: Record<string, string>) =>
    mine.send(new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext: context }));
  await refusedWith('AccessDeniedException', encrypt(EncryptionContext));
  const grant = {
    KeyId,
    GranteePrincipal,
    Operations: ['Encrypt', 'RetireGrant'] as sdk.GrantOperation[],
    Name: 'g',
    Constraints: { EncryptionContextSubset: EncryptionContext },
  };
  const { GrantId } = await kms.send(new sdk.CreateGrantCommand(grant));
  assert.equal(
    (await kms.send(new sdk.CreateGrantCommand(grant))).GrantId,
    GrantId,
    'the same request makes no second grant',
  );
  await encrypt({ ...EncryptionContext, more: 'x' });
  await refusedWith('AccessDeniedException', encrypt({ hypervisor: 'other' }));
  const { Grants } = await kms.send(new sdk.ListGrantsCommand({ KeyId }));
  assert.deepEqual(
    Grants?.map((one) => [one.GrantId, one.GranteePrincipal]),
    [[GrantId, GranteePrincipal]],
  );
  await kms.send(new sdk.RevokeGrantCommand({ KeyId, GrantId }));
  await refusedWith('AccessDeniedException', encrypt(EncryptionContext));
  const second = await kms.send(new sdk.CreateGrantCommand(grant));
  await mine.send(new sdk.RetireGrantCommand({ GrantToken: second.GrantToken }));
  await refusedWith('AccessDeniedException', encrypt(EncryptionContext));
  await refusedWith(
    'InvalidGrantTokenException',
    mine.send(new sdk.RetireGrantCommand({ GrantToken: second.GrantToken })),
  );
  mine.destroy();
});

test('kinds of keys that are not supported are refused with the reason', async () => {
  await refusedWith(
    'UnsupportedOperationException',
    newKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    /symmetric/,
  );
  await refusedWith('UnsupportedOperationException', newKey({ MultiRegion: true }));
  await refusedWith(
    'CustomKeyStoreNotFoundException',
    newKey({ Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: 'x', XksKeyId: 'y' }),
    /Known: none/,
  );
});

test('lists of keys and aliases go page by page', async () => {
  const wanted = new Set<string | undefined>();
  for (let index = 0; index < 5; index += 1) wanted.add(await newKey());
  const seen: (string | undefined)[] = [];
  for await (const page of sdk.paginateListKeys({ client: kms, pageSize: 3 }, {}))
    seen.push(...(page.Keys ?? []).map((key) => key.KeyArn));
  assert.ok([...wanted].every((arn) => seen.includes(arn)));
  assert.equal(seen.length, new Set(seen).size);
});
