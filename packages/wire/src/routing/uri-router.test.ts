import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileService } from '../model/compile-service.ts';
import { backup } from '../services/backup.ts';
import { UriRouter } from './uri-router.ts';

const router = new UriRouter(compileService(backup).operations.values());

function route(method: string, target: string): string {
  const [path = '', query = ''] = target.split('?');
  const match = router.match(method, path, (name) => query.split('&').includes(name));
  if (match === undefined) return 'none';
  return [match.operation.name, ...match.labels.values()].join(' ');
}

test('a trailing slash makes no difference', () => {
  assert.equal(route('GET', '/backup-jobs'), 'ListBackupJobs');
  assert.equal(route('GET', '/backup-jobs/'), 'ListBackupJobs');
  assert.equal(route('PUT', '/backup/plans/'), 'CreateBackupPlan');
  assert.equal(route('GET', '/legal-holds/x'), 'GetLegalHold x');
  assert.equal(route('GET', '/legal-holds/x/'), 'GetLegalHold x');
});

test('the method decides between operations of one path', () => {
  assert.equal(route('PUT', '/backup-jobs'), 'StartBackupJob');
  assert.equal(route('POST', '/backup-jobs/x'), 'StopBackupJob x');
  assert.equal(route('DELETE', '/backup-jobs/x'), 'none');
});

test('literal segments win over labels', () => {
  assert.equal(route('GET', '/backup/template/plans/x/toPlan'), 'GetBackupPlanFromTemplate x');
  assert.equal(route('GET', '/backup/plans/x/toTemplate'), 'ExportBackupPlanTemplate x');
});

test('an encoded ARN is one segment, whatever it holds', () => {
  const arn = 'arn:aws:s3:::bucket/recovery-points';
  assert.equal(route('GET', `/resources/${encodeURIComponent(arn)}`), `DescribeProtectedResource ${arn}`);
  assert.equal(
    route('GET', `/resources/${encodeURIComponent(arn)}/recovery-points/`),
    `ListRecoveryPointsByResource ${arn}`,
  );
});

test('an ARN with bare colons and slashes is understood where only one reading is possible', () => {
  const arn = 'arn:aws:ec2:us-east-1:1:volume/vol-1';
  assert.equal(route('GET', `/resources/${arn}`), `DescribeProtectedResource ${arn}`);
  assert.equal(route('GET', `/resources/${arn}/recovery-points`), `ListRecoveryPointsByResource ${arn}`);
  assert.equal(route('GET', `/tags/${arn}/`), `ListTags ${arn}`);
  const point = 'arn:aws:ec2:us-east-1::snapshot/snap-1';
  assert.match(route('GET', `/backup-vaults/v/recovery-points/${point}`), /^DescribeRecoveryPoint /);
  assert.match(
    route('GET', `/backup-vaults/v/recovery-points/${point}/restore-metadata`),
    /^GetRecoveryPointRestoreMetadata /,
  );
  assert.equal(route('GET', '/resources/vol/1'), 'none');
});

test('an empty segment is a label that was not given', () => {
  assert.equal(route('GET', '/backup-vaults//access-policy'), 'GetBackupVaultAccessPolicy ');
  assert.equal(route('GET', '/backup-vaults//'), 'DescribeBackupVault ');
  assert.equal(route('GET', '//v/access-policy'), 'none');
  assert.equal(route('GET', '/resources/arn:aws:s3:::bucket//key/recovery-points'), 'none');
});

test('a pattern with a query condition wants it', () => {
  assert.equal(route('POST', '/backup-vaults/v/mpaApprovalTeam?delete'), 'DisassociateBackupVaultMpaApprovalTeam v');
  assert.equal(route('POST', '/backup-vaults/v/mpaApprovalTeam'), 'none');
});
