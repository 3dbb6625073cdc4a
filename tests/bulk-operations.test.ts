import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ListRecoveryPointsByBackupVaultCommand } from '@aws-sdk/client-backup';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  clientOf,
  holdfast,
  profileCredentials,
  type RunningHoldfast,
  startHoldfast,
} from './support/running-server.ts';

interface Shown {
  readonly state: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly items: readonly { readonly target: string; readonly state: string; readonly message?: string }[];
}

const POINTS = 3;

async function withRecoveryPoints(server: RunningHoldfast): Promise<readonly string[]> {
  const source = join(server.directory, 'letters');
  mkdirSync(source);
  writeFileSync(join(source, 'monday.txt'), 'Dear diary');
  assert.equal((await holdfast(server, ['source', 'add', 'directory', 'letters', '--path', source])).code, 0);
  for (let made = 0; made < POINTS; made += 1) {
    assert.equal((await holdfast(server, ['protect', source])).code, 0);
  }
  return await pointsIn(server);
}

async function pointsIn(server: RunningHoldfast): Promise<readonly string[]> {
  const answer = await clientOf(server).send(
    new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'Default' }),
  );
  return (answer.RecoveryPoints ?? []).flatMap(({ RecoveryPointArn }) => RecoveryPointArn ?? []);
}

/** A user who may do anything but delete one recovery point. */
async function limitedUser(server: RunningHoldfast, forbidden: string): Promise<RunningHoldfast> {
  const credentials = profileCredentials(server.data);
  const iam = new IAMClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const Statement = [
    { Effect: 'Allow', Action: ['holdfast:*', 'backup:*'], Resource: '*' },
    { Effect: 'Deny', Action: 'backup:DeleteRecoveryPoint', Resource: forbidden },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'limits', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const env = {
    ...server.env,
    AWS_PROFILE: '',
    HOLDFAST_DATA: join(server.directory, 'none'),
    HOLDFAST_ENDPOINT: server.url,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
    AWS_REGION: 'us-east-1',
  };
  return { ...server, env };
}

test('the server deletes many recovery points at one request, each only if the caller may, and tells of each', async (t) => {
  const server = await startHoldfast(t);
  const points = await withRecoveryPoints(server);
  assert.equal(points.length, POINTS);
  const [forbidden = ''] = points;
  const ada = await limitedUser(server, forbidden);

  const asked = ['bulk', 'start', 'DeleteRecoveryPoint', ...points, '--vault', 'Default', '--wait', '--json'];
  const started = await holdfast(ada, asked);
  assert.equal(started.code, 1, `${started.stdout}${started.stderr}: what failed shows in the exit code`);
  const { id } = JSON.parse(started.stdout) as { id: string };
  const shown = JSON.parse((await holdfast(ada, ['bulk', 'show', id, '--json'])).stdout) as Shown;
  assert.deepEqual([shown.state, shown.succeeded, shown.failed], ['COMPLETED', POINTS - 1, 1]);
  const [refused] = shown.items.filter(({ state }) => state === 'FAILED');
  assert.equal(refused?.target, forbidden);
  assert.match(refused?.message ?? '', /ada is not authorized to perform: backup:DeleteRecoveryPoint/);
  const told = server.output().match(/user\/ada called backup:DeleteRecoveryPoint/g) ?? [];
  assert.equal(told.length, POINTS, 'the audit trail names who asked, once for each item');
  for (const arn of points) assert.ok(server.output().includes(arn));

  const tagged = await holdfast(server, ['bulk', 'start', 'TagResource', forbidden, '--tag', 'keep=no', '--wait']);
  assert.equal(tagged.code, 0, tagged.stderr);
  const again = await holdfast(server, [
    'bulk',
    'start',
    'DeleteRecoveryPoint',
    forbidden,
    '--vault',
    'Default',
    '--wait',
  ]);
  assert.equal(again.code, 0, again.stderr);
  assert.match((await holdfast(server, ['bulk', 'list'])).stdout, /TagResource +COMPLETED +1 +0/);
  const unknown = await holdfast(server, ['bulk', 'start', 'DeleteBackupVault', 'Default']);
  assert.match(unknown.stderr, /action/i);
  assert.notEqual(unknown.code, 0);
});
