import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { testNeighbours } from '../testing/test-neighbours.ts';
import { AwsKmsKeyStore } from './aws-kms-key-store.ts';
import { ExternalKeyError, type ExternalKeyProblem } from './external-key-store.ts';
import { openExternalKeyStore } from './open-external-key-store.ts';
import { TransitKeyStore } from './transit-key-store.ts';
import { VaultKeyProvider } from './vault-key-provider.ts';

const PLAIN = Buffer.from('a data key of a vault, 32 bytes.');
const CONTEXT = { vaultId: 'v', serial: '1' };

/** A transit engine as far as the adapter speaks to it; keys by name. */
class FakeTransit {
  readonly keys = new Map<string, Buffer>([['backup', randomBytes(32)]]);
  token = 'good';
  readonly seen: { method: string; url: string; namespace: string | undefined }[] = [];

  async answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, url, namespace: headers['x-vault-namespace'] as string | undefined });
    if (headers['x-vault-token'] !== this.token) return [403, { errors: ['permission denied'] }];
    const [, what = '', name = ''] = /^\/v1\/transit\/(\w+)\/([^/]+)$/.exec(url) ?? [];
    const key = this.keys.get(decodeURIComponent(name));
    if (key === undefined)
      return what === 'keys' ? [404, { errors: [] }] : [400, { errors: ['encryption key not found'] }];
    if (what === 'keys') return [200, { data: { name, type: 'aes256-gcm96', supports_encryption: true } }];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
    const data = Buffer.from(body['associated_data'] ?? '', 'base64');
    if (what === 'encrypt') {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(data);
      const sealed = Buffer.concat([
        nonce,
        cipher.update(body['plaintext'] ?? '', 'base64'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return [200, { data: { ciphertext: `vault:v1:${sealed.toString('base64')}` } }];
    }
    const sealed = Buffer.from((body['ciphertext'] ?? '').slice('vault:v1:'.length), 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
        .setAAD(data)
        .setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      return [200, { data: { plaintext: plain.toString('base64') } }];
    } catch {
      return [400, { errors: ['cipher: message authentication failed'] }];
    }
  }
}

async function startTransit(t: TestContext): Promise<{ fake: FakeTransit; store: TransitKeyStore }> {
  const fake = new FakeTransit();
  const server = createServer((request, response) => {
    fake.answer(request).then(
      ([status, body]) => response.writeHead(status).end(JSON.stringify(body)),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const store = new TransitKeyStore({
    id: 'transit',
    address,
    namespace: 'team',
    token: async () => 'good',
    timeoutMs: 5000,
  });
  return { fake, store };
}

async function failsWith(problem: ExternalKeyProblem, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof ExternalKeyError);
    assert.equal(error.problem, problem, error.message);
    assert.doesNotMatch(error.message, /good|data key/, 'no secret in a message');
    return true;
  });
}

test('transit wraps and unwraps under the context, in its namespace', async (t) => {
  const { fake, store } = await startTransit(t);
  await store.check('backup');
  const wrapped = await store.wrap('backup', PLAIN, CONTEXT);
  assert.ok(!Buffer.from(wrapped).includes(PLAIN));
  assert.deepEqual(Buffer.from(await store.unwrap('backup', wrapped, { serial: '1', vaultId: 'v' })), PLAIN);
  await failsWith('refused', store.unwrap('backup', wrapped, { ...CONTEXT, serial: '2' }));
  assert.ok(fake.seen.every(({ namespace }) => namespace === 'team'));
});

test('transit failures are told apart', async (t) => {
  const { fake, store } = await startTransit(t);
  await failsWith('not-found', store.check('no such key'));
  await failsWith('not-found', store.wrap('missing', PLAIN, CONTEXT));
  fake.token = 'revoked';
  await failsWith('denied', store.wrap('backup', PLAIN, CONTEXT));
  const nowhere = new TransitKeyStore({
    id: 'off',
    address: 'http://127.0.0.1:1',
    token: async () => 'good',
    timeoutMs: 2000,
  });
  await failsWith('unreachable', nowhere.wrap('backup', PLAIN, CONTEXT));
});

test('a key service that speaks the API of AWS KMS wraps and unwraps, and its refusals are told apart', async () => {
  await using far = await testNeighbours();
  const client = new sdk.KMSClient(far.config);
  const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({}));
  const keyId = KeyMetadata?.Arn ?? '';
  const { endpoint, region, credentials } = far.config;
  const accessKey = { accessKeyId: credentials.accessKeyId, secretAccessKey: async () => credentials.secretAccessKey };
  const store = openExternalKeyStore({ kind: 'aws-kms', id: 'far', endpoint, region, accessKey });
  await store.check(keyId);
  const wrapped = await store.wrap(keyId, PLAIN, CONTEXT);
  assert.deepEqual(Buffer.from(await store.unwrap(keyId, wrapped, CONTEXT)), PLAIN);
  await failsWith('refused', store.unwrap(keyId, wrapped, {}));
  await failsWith('not-found', store.check('alias/none'));
  await client.send(new sdk.DisableKeyCommand({ KeyId: keyId }));
  await failsWith('disabled', store.wrap(keyId, PLAIN, CONTEXT));
  await failsWith('disabled', store.check(keyId));
  const stranger = new sdk.KMSClient(far.as({ AccessKeyId: 'AKIANOBODY0000000000', SecretAccessKey: 'x' }));
  await failsWith('denied', new AwsKmsKeyStore('far', stranger).check(keyId));
  client.destroy();
  stranger.destroy();
});

test('a key kept in transit is a key like any other: encrypt, decrypt, disable', async (t) => {
  const { fake, store } = await startTransit(t);
  await using server = await testNeighbours({ externalKeyStores: [store] });
  const kms = new sdk.KMSClient(server.config);
  const create = (XksKeyId: string) =>
    kms.send(new sdk.CreateKeyCommand({ Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: 'transit', XksKeyId }));
  await assert.rejects(create('missing'), { name: 'XksKeyNotFoundException' });
  const { KeyMetadata } = await create('backup');
  assert.deepEqual([KeyMetadata?.Origin, KeyMetadata?.XksKeyConfiguration?.Id], ['EXTERNAL_KEY_STORE', 'backup']);
  const KeyId = KeyMetadata?.Arn ?? '';
  const provider = new VaultKeyProvider(server.neighbours.keyService, KeyId, () => server.now);
  const wrapped = await provider.wrap(PLAIN, CONTEXT);
  assert.equal(wrapped.keyId, KeyId);
  assert.deepEqual(Buffer.from(await provider.unwrap(wrapped, CONTEXT)), PLAIN);
  await assert.rejects(provider.unwrap(wrapped, {}), { code: 'InvalidCiphertextException' });
  await assert.rejects(kms.send(new sdk.EnableKeyRotationCommand({ KeyId })), {
    name: 'UnsupportedOperationException',
  });
  fake.token = 'revoked';
  await assert.rejects(provider.unwrap(wrapped, CONTEXT), {
    code: 'KMSInvalidStateException',
    message: /transit.*permission denied/,
  });
  await kms.send(new sdk.DisableKeyCommand({ KeyId }));
  await assert.rejects(provider.unwrap(wrapped, CONTEXT), {
    code: 'DisabledException',
    message: `${KeyId} is disabled.`,
  });
  kms.destroy();
});
