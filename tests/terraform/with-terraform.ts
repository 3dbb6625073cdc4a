/**
 * The real Terraform with the unmodified AWS provider against a running server: apply, plan without a difference,
 * change, plan without a difference, destroy. Not a part of `npm test`, which needs nothing from the network: run it
 * with `npm run terraform`. HOLDFAST_TERRAFORM_MIRROR names a directory that holds the provider already.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BackupClient, ListBackupPlansCommand, ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { requireProgram } from '@holdfast/testkit';
import { type RunningHoldfast, runProgram, startHoldfast } from '../support/running-server.ts';

const NO_DIFFERENCE = 0;

test('the AWS provider applies, re-plans without a difference, changes and destroys', async (t) => {
  const terraform = requireProgram(t, 'terraform');
  if (terraform === undefined) return;
  const server = await startHoldfast(t);
  const directory = join(server.directory, 'stack');
  mkdirSync(directory);
  cpSync(join(import.meta.dirname, 'stack'), directory, { recursive: true });
  const credentials = credentialsOf(server);
  const run = async (...args: string[]) => {
    const env = { ...server.env, ...environment(server, credentials) };
    const result = await runProgram(terraform, [`-chdir=${directory}`, ...args, '-input=false', '-no-color'], { env });
    t.diagnostic(`terraform ${args.join(' ')}: ${result.code}`);
    return result;
  };
  const succeed = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
  };
  const mirror = process.env['HOLDFAST_TERRAFORM_MIRROR'];
  await succeed('init', ...(mirror === undefined ? [] : [`-plugin-dir=${mirror}`]));
  for (const step of ['1', '2']) {
    await succeed('apply', '-auto-approve', `-var=step=${step}`);
    const { code, stdout } = await run('plan', '-detailed-exitcode', `-var=step=${step}`);
    assert.equal(code, NO_DIFFERENCE, stdout);
  }
  await succeed('destroy', '-auto-approve', '-var=step=2');
  const client = new BackupClient({ endpoint: server.url, region: 'us-east-1', credentials });
  const { BackupVaultList } = await client.send(new ListBackupVaultsCommand({}));
  assert.deepEqual(
    BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName),
    ['Default'],
  );
  assert.deepEqual((await client.send(new ListBackupPlansCommand({}))).BackupPlansList, []);
});

function credentialsOf({ data }: RunningHoldfast) {
  const text = readFileSync(join(data, 'aws', 'credentials'), 'utf8');
  const value = (name: string): string => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

function environment({ url }: RunningHoldfast, { accessKeyId, secretAccessKey }: ReturnType<typeof credentialsOf>) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_CLI_CONFIG_FILE: '/dev/null',
  };
}
