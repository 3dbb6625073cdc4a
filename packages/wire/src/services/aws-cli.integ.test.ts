/** The `aws` command line as a client: lists, times, ARNs in paths, tokens, and errors as it prints them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { requireProgram } from '@holdfast/testkit';
import { accessDenied } from '../handling/access-denied.ts';
import { implement } from '../handling/handler.ts';
import { ServiceError } from '../handling/service-error.ts';
import { TEST_ACCESS_KEY_ID, TEST_SECRET, type TestWire, testWire } from '../testing/test-wire.ts';
import { backup } from './backup.ts';
import { iam } from './iam.ts';
import { sts } from './sts.ts';

const ARN = 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs 1+2%2F~ü';
const seen = new Map<string, unknown>();
let wire: TestWire;

function keep<T extends object>(operation: string, output: T): (input: object) => Promise<T> {
  return async (input) => {
    seen.set(operation, input);
    return output;
  };
}

before(async () => {
  wire = await testWire(
    [
      implement(backup, {
        ListBackupJobs: keep('ListBackupJobs', {
          BackupJobs: [{ BackupJobId: 'x', CreationDate: new Date(1516925490087) }],
        }),
        ListTags: keep('ListTags', { Tags: { key: 'value' } }),
        UntagResource: keep('UntagResource', {}),
        CreateBackupVault: keep('CreateBackupVault', { BackupVaultName: 'abc' }),
        DescribeBackupVault: async ({ BackupVaultName }) => {
          throw new ServiceError('ResourceNotFoundException', `Backup vault ${BackupVaultName} does not exist`);
        },
      }),
      implement(sts, { GetCallerIdentity: async (_input, { principal }) => ({ Arn: principal.arn }) }),
      implement(iam, { ListUsers: keep('ListUsers', { Users: [] }) }),
    ],
    {
      authorize: (request) => {
        if (request.action === 'iam:ListUsers') throw accessDenied(request, '*', 'because no policy allows it');
      },
    },
  );
});
after(() => wire[Symbol.asyncDispose]());

/** Runs the command; the answer is parsed output, or the error line that a user reads. */
async function aws(program: string, args: readonly string[], secret = TEST_SECRET): Promise<unknown> {
  const { PATH, HOME } = process.env;
  const credentials = {
    AWS_ACCESS_KEY_ID: TEST_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  const env = {
    PATH,
    HOME,
    LC_ALL: 'C.UTF-8',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...credentials,
  };
  const all = ['--endpoint-url', wire.endpoint, '--output', 'json', ...args];
  return promisify(execFile)(program, all, { env }).then(
    ({ stdout }) => (stdout === '' ? undefined : (JSON.parse(stdout) as unknown)),
    (error: { stderr: string }) => error.stderr.trim(),
  );
}

test('lists, times and ARNs pass both ways', async (context) => {
  const program = requireProgram(context, 'aws');
  if (program === undefined) return;
  const jobs = await aws(program, [
    'backup',
    'list-backup-jobs',
    '--by-created-after',
    '2024-02-01T00:00:00Z',
    '--query',
    'BackupJobs[].BackupJobId',
  ]);
  assert.deepEqual(jobs, ['x']);
  assert.deepEqual(seen.get('ListBackupJobs'), { ByCreatedAfter: new Date('2024-02-01') });
  assert.deepEqual(await aws(program, ['backup', 'list-tags', '--resource-arn', ARN]), { Tags: { key: 'value' } });
  assert.deepEqual(seen.get('ListTags'), { ResourceArn: ARN });
  assert.equal(
    await aws(program, ['backup', 'untag-resource', '--resource-arn', ARN, '--tag-key-list', 'a', 'b']),
    undefined,
  );
  assert.deepEqual(seen.get('UntagResource'), { ResourceArn: ARN, TagKeyList: ['a', 'b'] });
});

test('the command invents creation tokens', async (context) => {
  const program = requireProgram(context, 'aws');
  if (program === undefined) return;
  await aws(program, ['backup', 'create-backup-vault', '--backup-vault-name', 'abc']);
  assert.match(JSON.stringify(seen.get('CreateBackupVault')), /"CreatorRequestId":"[0-9a-f-]{36}"/);
});

test('errors are printed with their names and messages', async (context) => {
  const program = requireProgram(context, 'aws');
  if (program === undefined) return;
  const refusals: readonly [readonly string[], RegExp][] = [
    [
      ['backup', 'describe-backup-vault', '--backup-vault-name', 'nope'],
      /\(ResourceNotFoundException\).*: Backup vault nope does not exist$/,
    ],
    [
      ['backup', 'create-backup-vault', '--backup-vault-name', 'a'],
      /\(InvalidParameterValueException\).*'backupVaultName' failed/,
    ],
    [['backup', 'list-frameworks'], /\(UnsupportedOperationException\).*does not support backup:ListFrameworks yet/],
    [['iam', 'list-users'], /\(AccessDenied\).*not authorized to perform: iam:ListUsers/],
    [['kms', 'list-keys'], /\(InvalidAction\).*The service 'kms' is not offered/],
    [['s3api', 'list-buckets'], /\(InvalidAction\).*The service 's3' is not offered/],
  ];
  for (const [args, expected] of refusals) assert.match(String(await aws(program, args)), expected);
});

test('a wrong secret is named in the words of each protocol', async (context) => {
  const program = requireProgram(context, 'aws');
  if (program === undefined) return;
  assert.match(String(await aws(program, ['backup', 'list-backup-jobs'], 'wrong')), /\(InvalidSignatureException\)/);
  assert.match(String(await aws(program, ['sts', 'get-caller-identity'], 'wrong')), /\(SignatureDoesNotMatch\)/);
});
