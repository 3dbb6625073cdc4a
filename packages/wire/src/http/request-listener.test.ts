import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BackupClient,
  CreateBackupVaultCommand,
  DescribeBackupVaultCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-backup';
import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import { accessDenied } from '../handling/access-denied.ts';
import { implement } from '../handling/handler.ts';
import type { AuthorizationRequest } from '../handling/ports.ts';
import { ServiceError } from '../handling/service-error.ts';
import { backup } from '../services/backup.ts';
import { iam } from '../services/iam.ts';
import { testWire } from '../testing/test-wire.ts';

interface Failure extends Error {
  readonly Arn?: string;
  readonly CreatorRequestId?: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

const failure = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => assert.fail('the call succeeded'),
    (error: Failure) => error,
  );

test('authorisation comes after validation and sees the action and the input', async () => {
  const asked: AuthorizationRequest[] = [];
  const handlers = implement(backup, { DescribeBackupVault: async ({ BackupVaultName }) => ({ BackupVaultName }) });
  await using wire = await testWire([handlers], {
    authorize: (request) => {
      asked.push(request);
      if (request.input['BackupVaultName'] === 'closed')
        throw accessDenied(request, '*', 'because no policy allows it');
    },
  });
  const client = new BackupClient(wire.clientConfig);
  await client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'open' }));
  assert.equal(asked[0]?.action, 'backup:DescribeBackupVault');
  assert.deepEqual(asked[0]?.input, { BackupVaultName: 'open' });
  const { context } = asked[0] ?? assert.fail('not asked');
  assert.deepEqual([context.accountId, context.region, context.service], ['123456789012', 'us-east-1', 'backup']);
  assert.equal(context.sourceIp, '127.0.0.1');
  assert.match(context.userAgent, /aws-sdk-js/);
  const refused = await failure(client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'closed' })));
  assert.equal(refused.name, 'AccessDeniedException');
  assert.match(refused.message, /user\/administrator is not authorized to perform: backup:DescribeBackupVault/);
});

test('modelled errors arrive as the exceptions of the SDK, with their members', async () => {
  await using wire = await testWire([
    implement(backup, {
      DescribeBackupVault: async () => {
        throw new ServiceError('ResourceNotFoundException', 'No such vault', { members: { Code: 'ERROR_1' } });
      },
      CreateBackupVault: async ({ CreatorRequestId }) => {
        throw new ServiceError('AlreadyExistsException', 'It exists', { members: { Arn: 'arn:x', CreatorRequestId } });
      },
    }),
    implement(iam, {
      GetRole: async () => {
        throw new ServiceError('NoSuchEntityException', 'The role with name x cannot be found.');
      },
    }),
  ]);
  const client = new BackupClient(wire.clientConfig);
  const missing = await failure(client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'x' })));
  assert.ok(missing instanceof ResourceNotFoundException);
  assert.deepEqual([missing.message, missing.$metadata.httpStatusCode], ['No such vault', 400]);
  const token = { BackupVaultName: 'abc', CreatorRequestId: 'token' };
  const twice = await failure(client.send(new CreateBackupVaultCommand(token)));
  assert.deepEqual([twice.name, twice.Arn, twice.CreatorRequestId], ['AlreadyExistsException', 'arn:x', 'token']);
  const role = await failure(new IAMClient(wire.clientConfig).send(new GetRoleCommand({ RoleName: 'x' })));
  assert.ok(role instanceof NoSuchEntityException);
  assert.equal(role.$metadata.httpStatusCode, 404);
});

test('every request is audited once, with its outcome and without what is sensitive', async () => {
  await using wire = await testWire([
    implement(backup, { CreateBackupVault: async () => ({ BackupVaultArn: 'arn:v' }) }),
  ]);
  const client = new BackupClient(wire.clientConfig);
  await client.send(new CreateBackupVaultCommand({ BackupVaultName: 'abc', BackupVaultTags: { secret: 'tag' } }));
  await failure(client.send(new CreateBackupVaultCommand({ BackupVaultName: 'x' })));
  await failure(client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'abc' })));
  await fetch(wire.endpoint);
  const facts = wire.audited.map(({ operation, statusCode, errorCode, principal }) => [
    operation,
    statusCode,
    errorCode,
    principal?.type,
  ]);
  assert.deepEqual(facts, [
    ['CreateBackupVault', 200, undefined, 'IAMUser'],
    ['CreateBackupVault', 400, 'InvalidParameterValueException', 'IAMUser'],
    ['DescribeBackupVault', 400, 'UnsupportedOperationException', 'IAMUser'],
    [undefined, 403, 'MissingAuthenticationTokenException', undefined],
  ]);
  const parameters = JSON.stringify(wire.audited[0]?.requestParameters());
  assert.match(parameters, /"BackupVaultName":"abc"/);
  assert.doesNotMatch(parameters, /secret/);
  assert.deepEqual(wire.audited[0]?.responseElements(), { BackupVaultArn: 'arn:v' });
  assert.equal(wire.audited[1]?.responseElements(), undefined);
});

test('an authorise port or an audit port that breaks does not break the wire', async () => {
  await using wire = await testWire([implement(backup, { DescribeBackupVault: async () => ({}) })], {
    authorize: () => {
      throw new Error('policy store is away');
    },
  });
  const broken = await failure(
    new BackupClient(wire.clientConfig).send(new DescribeBackupVaultCommand({ BackupVaultName: 'abc' })),
  );
  assert.deepEqual([broken.name, broken.$metadata.httpStatusCode], ['InternalFailure', 500]);
  assert.equal(wire.logged.length, 1);
});

test('one service cannot be hosted twice', async () => {
  await assert.rejects(testWire([implement(backup, {}), implement(backup, {})]), /backup was given twice/);
});

test('the signal does not fire once the answer is complete', async () => {
  const signals: AbortSignal[] = [];
  await using wire = await testWire([
    implement(backup, {
      DescribeBackupVault: async (_input, { signal }) => {
        signals.push(signal);
        return {};
      },
    }),
  ]);
  const client = new BackupClient(wire.clientConfig);
  await client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'abc' }));
  client.destroy();
  await client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'abc' }));
  assert.equal(signals[0]?.aborted, false);
});
