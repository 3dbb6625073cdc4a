import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CancelLegalHoldCommand,
  CreateLegalHoldCommand,
  DeleteRecoveryPointCommand,
  DescribeRecoveryPointCommand,
  ListLegalHoldsCommand,
  ListRecoveryPointsByLegalHoldCommand,
} from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { clientOf, holdfast, startHoldfast } from './support/running-server.ts';
import { until } from './support/until.ts';

test('with the catalog lost, stores and keys bring every recovery point back, and its legal hold', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-e2e-');
  const source = join(directory, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'letter.txt'), 'Dear diary');
  const before = await startHoldfast(t, { directory });
  assert.equal((await holdfast(before, ['source', 'add', 'directory', 'letters', '--path', source])).code, 0);
  const made = await holdfast(before, ['protect', source, '--json']);
  const { recoveryPointArn } = JSON.parse(made.stdout) as { recoveryPointArn: string };
  const clientBefore = clientOf(before);
  const { LegalHoldArn } = await clientBefore.send(
    new CreateLegalHoldCommand({
      Title: 'Case 7',
      Description: 'a dispute',
      IdempotencyToken: 'case-7',
      RecoveryPointSelection: { VaultNames: ['Default'] },
    }),
  );
  clientBefore.destroy();
  assert.equal(await before.stop(), 0);
  for (const ending of ['', '-wal', '-shm']) rmSync(join(before.data, `catalog.db${ending}`), { force: true });

  const recovered = await holdfast(before, ['recover', '--json']);
  assert.equal(recovered.code, 0, recovered.stderr);
  const report = JSON.parse(recovered.stdout) as {
    vaults: { recoveryPoints: number; legalHolds: number; vaultArn: string }[];
  };
  assert.deepEqual(
    report.vaults.map(({ recoveryPoints, legalHolds, vaultArn }) => [recoveryPoints, legalHolds, vaultArn]),
    [[1, 1, 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default']],
  );

  const after = await startHoldfast(t, { directory });
  const out = join(directory, 'out.txt');
  const got = await holdfast(after, ['get', recoveryPointArn, 'letter.txt', '--out', out]);
  assert.equal(got.code, 0, got.stderr);
  assert.equal(readFileSync(out, 'utf8'), 'Dear diary');

  const client = clientOf(after);
  const point = { BackupVaultName: 'Default', RecoveryPointArn: recoveryPointArn };
  const { LegalHolds: [hold] = [] } = await client.send(new ListLegalHoldsCommand({}));
  assert.deepEqual([hold?.LegalHoldArn, hold?.Status], [LegalHoldArn, 'ACTIVE']);
  const { RecoveryPoints: held = [] } = await client.send(
    new ListRecoveryPointsByLegalHoldCommand({ LegalHoldId: hold?.LegalHoldId }),
  );
  assert.deepEqual(
    held.map(({ RecoveryPointArn }) => RecoveryPointArn),
    [recoveryPointArn],
  );
  await assert.rejects(client.send(new DeleteRecoveryPointCommand(point)), /legal hold/);
  await client.send(new CancelLegalHoldCommand({ LegalHoldId: hold?.LegalHoldId, CancelDescription: 'settled' }));
  await client.send(new DeleteRecoveryPointCommand(point));
  const isGone = async () => {
    const described = client.send(new DescribeRecoveryPointCommand(point));
    const status = await described.then(
      ({ Status }) => Status,
      () => 'GONE',
    );
    assert.notEqual(status, 'EXPIRED', 'the engine still holds it');
    return status === 'GONE' ? true : undefined;
  };
  await until(isGone, 'the deletion', 300);
  client.destroy();
});
