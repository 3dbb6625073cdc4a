import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backup } from '../services/backup.ts';
import { accessDenied } from './access-denied.ts';
import { implement } from './handler.ts';
import { type CallerContext, createInProcessCaller } from './in-process-caller.ts';
import type { AuditPort, AuditRecord } from './ports.ts';

const CALLER: CallerContext = {
  requestId: 'request-1',
  accountId: '123456789012',
  region: 'us-east-1',
  principal: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ada', accountId: '123456789012', userId: 'AIDA1' },
  accessKeyId: 'AKIA1',
  isTemporary: false,
  now: 1000,
  sourceIp: '10.0.0.1',
  userAgent: 'console',
  isSecure: true,
  signal: new AbortController().signal,
};

function aCaller(audit: AuditPort, logged: string[] = []) {
  const handlers = {
    CreateBackupVault: async () => ({ BackupVaultArn: 'arn:v' }),
    DeleteBackupVault: async () => {
      throw new Error('a defect');
    },
  };
  return createInProcessCaller(implement(backup, handlers), {
    authorize: (request) => {
      if (request.input['BackupVaultName'] === 'forbidden') throw accessDenied(request, 'arn:v', 'for a test');
    },
    audit,
    clock: { now: () => 1500 },
    log: { error: (message) => void logged.push(message) },
  });
}

test('every call is audited with who asked and how it ended, without what is sensitive', async () => {
  const records: AuditRecord[] = [];
  const call = aCaller((record) => void records.push(record));
  await call('CreateBackupVault', { BackupVaultName: 'abc', BackupVaultTags: { secret: 'tag' } }, CALLER);
  await assert.rejects(call('CreateBackupVault', { BackupVaultName: 'forbidden' }, CALLER), /not authorized/);
  await assert.rejects(call('CreateBackupVault', {}, CALLER));
  await assert.rejects(call('DeleteBackupVault', { BackupVaultName: 'abc' }, CALLER), /defect/);
  assert.deepEqual(
    records.map(({ operation, statusCode, errorCode }) => [operation, statusCode, errorCode]),
    [
      ['CreateBackupVault', 200, undefined],
      ['CreateBackupVault', 400, 'AccessDeniedException'],
      ['CreateBackupVault', 400, 'MissingParameterValueException'],
      ['DeleteBackupVault', 500, 'InternalFailure'],
    ],
  );
  const [made, , , broken] = records;
  assert.deepEqual([made?.principal, made?.sourceIp, made?.durationMs], [CALLER.principal, '10.0.0.1', 500]);
  assert.match(JSON.stringify(made?.requestParameters()), /"BackupVaultName":"abc"/);
  assert.doesNotMatch(JSON.stringify(made?.requestParameters()), /secret/);
  assert.deepEqual(made?.responseElements(), { BackupVaultArn: 'arn:v' });
  assert.doesNotMatch(broken?.errorMessage ?? '', /defect/, 'what broke inside is for the log');
});

test('a trail that refuses a record does not break the call', async () => {
  const logged: string[] = [];
  const call = aCaller(() => {
    throw new Error('the disk is full');
  }, logged);
  assert.deepEqual(await call('CreateBackupVault', { BackupVaultName: 'abc' }, CALLER), { BackupVaultArn: 'arn:v' });
  assert.equal(logged.length, 1);
});
