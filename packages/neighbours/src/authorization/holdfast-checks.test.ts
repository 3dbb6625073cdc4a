import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthorizationRequest, RequestContext } from '@holdfast/wire';
import { holdfastChecks } from './holdfast-checks.ts';

function request(operation: string, input: Record<string, unknown> = {}): AuthorizationRequest {
  const context: RequestContext = {
    requestId: '1',
    service: 'holdfast',
    operation,
    accountId: '123456789012',
    region: 'us-east-1',
    principal: { type: 'Root', arn: 'arn:aws:iam::123456789012:root', accountId: '123456789012', userId: '1' },
    accessKeyId: 'AKIA',
    isTemporary: false,
    now: 0,
    sourceIp: '127.0.0.1',
    userAgent: 'test',
    isSecure: false,
    signal: new AbortController().signal,
  };
  return { context, action: `holdfast:${operation}`, input };
}

const checks = holdfastChecks(async ({ action, context, input }) => [
  { action, resource: String(input['RecoveryPointArn'] ?? input['BackupVaultName'] ?? context.operation) },
]);

test('what shows or gives away backups needs the permission that guards them in AWS Backup as well', async () => {
  assert.deepEqual(await checks(request('SearchRecoveryPoints', { BackupVaultName: 'Default' })), [
    { action: 'holdfast:SearchRecoveryPoints', resource: '*' },
    { action: 'backup:ListRecoveryPointsByBackupVault', resource: 'Default' },
  ]);
  const download = await checks(request('GetRecoveryPointArchive', { RecoveryPointArn: 'arn:point' }));
  assert.deepEqual(download.at(-1), { action: 'backup:StartRestoreJob', resource: 'arn:point' });
  assert.equal((await checks(request('ListEvents'))).length, 4);
});

test('what is about sources and workers alone needs its own permission alone', async () => {
  assert.deepEqual(await checks(request('ListSources')), [{ action: 'holdfast:ListSources', resource: '*' }]);
});
