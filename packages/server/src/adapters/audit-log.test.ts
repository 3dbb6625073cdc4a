import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRecord } from '@holdfast/wire';
import { createAuditLog } from './audit-log.ts';

const RECORD: AuditRecord = {
  requestId: 'r-1',
  receivedAt: 0,
  durationMs: 3,
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  isSecure: false,
  service: 'backup',
  operation: 'DeleteRecoveryPoint',
  region: 'us-east-1',
  accessKeyId: 'AKIDEXAMPLE',
  principal: { arn: 'arn:aws:iam::123456789012:user/alice', accountId: '123456789012' } as AuditRecord['principal'],
  statusCode: 400,
  errorCode: 'InvalidRequestException',
  errorMessage: 'it is locked',
  requestParameters: () => ({ BackupVaultName: 'safe' }),
  responseElements: () => undefined,
};

function lines(record: AuditRecord): readonly unknown[] {
  const written: unknown[] = [];
  createAuditLog({ info: (...line: unknown[]) => written.push(line) })(record);
  return written;
}

test('tells who was to change what, and how it ended', () => {
  const [line] = lines(RECORD);
  const text = JSON.stringify(line);
  for (const part of [
    'user/alice',
    'DeleteRecoveryPoint',
    'InvalidRequestException',
    'it is locked',
    'safe',
    '127.0.0.1',
  ])
    assert.ok(text.includes(part), part);
});

test('leaves out calls that only read, and requests that are no call', () => {
  const { operation: _, ...noCall } = RECORD;
  for (const record of [{ ...RECORD, operation: 'ListBackupJobs' }, noCall as AuditRecord]) {
    assert.deepEqual(lines(record), []);
  }
});
