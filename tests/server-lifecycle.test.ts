import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeBackupVaultCommand, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { clientOf, failToStart, repositoryRoot, startHoldfast } from './support/running-server.ts';

test('the first start makes account, administrator, default role, key and vault, and a profile for AWS clients', async (t) => {
  const server = await startHoldfast(t);
  assert.match(server.output(), /npx holdfast source add/);
  assert.match(server.output(), new RegExp(`${server.data}/aws/credentials`));
  assert.equal(statSync(join(server.data, 'aws', 'credentials')).mode & 0o077, 0);
  const config = readFileSync(join(server.data, 'aws', 'config'), 'utf8');
  assert.match(config, new RegExp(`endpoint_url = ${server.url}`));

  const vault = await clientOf(server).send(new DescribeBackupVaultCommand({ BackupVaultName: 'Default' }));
  assert.equal(vault.BackupVaultArn, 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default');
  assert.match(vault.EncryptionKeyArn ?? '', /^arn:aws:kms:us-east-1:123456789012:key\//);
});

test('a second start keeps what the first one made', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-e2e-');
  const first = await startHoldfast(t, { directory });
  const credentials = readFileSync(join(first.data, 'aws', 'credentials'), 'utf8');
  assert.equal(await first.stop(), 0);
  const second = await startHoldfast(t, { directory });
  assert.equal(readFileSync(join(second.data, 'aws', 'credentials'), 'utf8'), credentials);
  const { BackupVaultList } = await clientOf(second).send(new ListBackupVaultsCommand({}));
  assert.deepEqual(
    BackupVaultList?.map((vault) => vault.BackupVaultName),
    ['Default'],
  );
});

test('SIGTERM ends the server with exit code 0', async (t) => {
  const server = await startHoldfast(t);
  assert.equal(await server.stop('SIGTERM'), 0);
});

test('a worker whose server is gone before it runs ends by itself', async (t) => {
  const server = await startHoldfast(t);
  assert.equal(await server.stop(), 0);
  const program = join(repositoryRoot, 'packages', 'cli', 'src', 'main.ts');
  const worker = fork(program, ['worker', '--data', server.data], { cwd: server.directory, env: server.env });
  t.after(() => worker.kill('SIGKILL'));
  worker.disconnect();
  const [code] = await once(worker, 'exit');
  assert.equal(code, 0);
});

test('a port in use is one clear line and a non-zero exit', async (t) => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  t.after(() => blocker.close());
  const address = blocker.address();
  assert.ok(address !== null && typeof address === 'object');
  const { code, stderr } = await failToStart(temporaryDirectory(t), ['--port', String(address.port)]);
  assert.notEqual(code, 0);
  assert.match(stderr, new RegExp(`^holdfast: port ${address.port} .* is in use.*\n$`));
});

test('a data directory that cannot be used is one clear line and a non-zero exit', async (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, 'a-file'), '');
  const { code, stderr } = await failToStart(directory, ['--data', join(directory, 'a-file', 'data')]);
  assert.notEqual(code, 0);
  assert.match(stderr, /^holdfast: data directory .*a-file\/data cannot be used: .*\n$/);
});

test('a damaged configuration is one clear line that names the key, and a non-zero exit', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['port: [1', /is not valid YAML/],
    ['prot: 8400', /prot/],
    ['workers: { processes: -1 }', /workers\.processes/],
    ['catalog: { kind: oracle }', /catalog/],
  ];
  for (const [text, expected] of cases) {
    const directory = temporaryDirectory(t);
    mkdirSync(join(directory, 'holdfast-data'));
    writeFileSync(join(directory, 'holdfast.yaml'), text);
    const { code, stderr } = await failToStart(directory, []);
    assert.notEqual(code, 0);
    assert.match(stderr, expected);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});
