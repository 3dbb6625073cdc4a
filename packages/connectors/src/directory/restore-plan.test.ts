import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseRestoreMetadata } from './restore-metadata.ts';
import { planRestore, recoveryDirectoryName, withoutNested } from './restore-plan.ts';

const METADATA = {
  'file-system-id': 'fs-0123456789abcdef0',
  Encrypted: 'false',
  PerformanceMode: 'generalPurpose',
  CreationToken: 'token',
  newFileSystem: 'true',
};
const INPUT = {
  jobId: 'job',
  recoveryDirectory: 'aws-backup-restore_now',
  metadata: parseRestoreMetadata(METADATA),
  existing: undefined,
  newFileSystemId: 'fs-00000000000000001',
  restorePath: '/restored',
  marker: undefined,
};
const paths = (texts: readonly string[]) => texts.map((text) => Buffer.from(text));

it('names the recovery directory by the time of the request in UTC', () => {
  assert.equal(
    recoveryDirectoryName(Date.UTC(2024, 0, 31, 10, 20, 30, 123)),
    'aws-backup-restore_2024-01-31T10-20-30-123Z',
  );
});

it('puts a new file system under the restore path', () => {
  const plan = planRestore(INPUT);
  assert.equal(plan.fileSystemPath, '/restored/fs-00000000000000001');
  assert.deepEqual([plan.isNewFileSystem, plan.isOverExisting, plan.isResumed], [true, false, false]);
});

it('keeps what an earlier call of the job decided', () => {
  const marker = {
    jobId: 'job',
    fileSystemId: 'fs-00000000000000009',
    fileSystemPath: '/earlier/fs-00000000000000009',
    isNewFileSystem: true,
    recoveryDirectory: 'aws-backup-restore_earlier',
  };
  const plan = planRestore({ ...INPUT, marker });
  assert.deepEqual(plan, { ...marker, items: undefined, isResumed: true, isOverExisting: true });
});

it('goes over the root only when asked to restore in place', () => {
  const metadata = parseRestoreMetadata({ ...METADATA, newFileSystem: 'FALSE', 'HOLDFAST:IN-PLACE': 'true' });
  const existing = { id: 'fs-0123456789abcdef0', name: 'n', path: '/srv', createdAt: 0, tags: {} };
  const plan = planRestore({ ...INPUT, metadata, existing });
  assert.deepEqual([plan.fileSystemPath, plan.recoveryDirectory, plan.isOverExisting], ['/srv', undefined, true]);
});

it('restores items in path order, and none twice', () => {
  const items = withoutNested(paths(['b', 'a!', 'a/c', 'a', 'a/b', 'b', 'ab']));
  assert.deepEqual(items.map(String), ['a', 'a!', 'ab', 'b']);
});

it('takes the path / for everything', () => {
  const { items } = parseRestoreMetadata({ ...METADATA, ItemsToRestore: '["/", "//a//b/"]' });
  assert.deepEqual(items?.map(String), ['', 'a/b']);
});
