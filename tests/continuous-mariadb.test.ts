import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DeleteRecoveryPointCommand, ListRecoveryPointsByResourceCommand } from '@aws-sdk/client-backup';
import { requireProgram, temporaryDirectory } from '@holdfast/testkit';
import {
  addSource,
  protectContinuously,
  restore,
  restoreTimeOf,
  until,
  windowReaching,
} from './support/continuous-protection.ts';
import { deleteResource } from './support/delete-resource.ts';
import { startMovedServer } from './support/moved-server.ts';
import { backUp } from './support/on-demand-backup.ts';
import { killProcessesNaming, processesNaming } from './support/processes-naming.ts';
import { judgeCopy } from './support/transfers/judge-copy.ts';
import { mariadbTransfers } from './support/transfers/mariadb-transfers.ts';

const BANK_ARN = 'arn:aws:rds:us-east-1:123456789012:db:bank';
const COPY_ARN = `${BANK_ARN}-copy`;

test('a MariaDB server is backed up and restored to a second of its load; copies and captures leave nothing behind', async (t) => {
  if (requireProgram(t, 'mariadbd', ['/usr/sbin']) === undefined) return;
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const bank = await mariadbTransfers(restored);
  t.after(() => bank.remove());
  const server = await startMovedServer(t, temporaryDirectory(t), { continuous: { lagSeconds: 2, refreshMinutes: 5 } });
  const { client } = server;
  await addSource(server, bank.kind, 'bank', bank.settings);
  await bank.begin(2);
  const snapshot = await backUp(client, BANK_ARN);
  assert.equal(snapshot.State, 'COMPLETED', snapshot.StatusMessage);
  const RecoveryPointArn = await protectContinuously(server, BANK_ARN);

  const begunAt = await bank.now();
  await wait(1500);
  await bank.disturb(0);
  const at = Math.ceil(((await bank.now()) + begunAt) / 2000) * 1000;
  await wait(1500);
  await bank.end();
  const metadata = await windowReaching(client, RecoveryPointArn, await bank.now());
  const copy = await restore(client, RecoveryPointArn, {
    ...metadata,
    DBInstanceIdentifier: 'bank-copy',
    RestoreTime: restoreTimeOf(at),
  });
  t.after(() => killProcessesNaming(restored));
  assert.equal(copy.Status, 'COMPLETED', copy.StatusMessage);
  assert.equal(copy.CreatedResourceArn, COPY_ARN);
  assert.ok((await judgeCopy(bank, `${restored}/bank-copy`, at)) > 0);

  assert.match((await deleteResource(server, BANK_ARN)) ?? '', /was not created by a restore/);
  assert.equal(await deleteResource(server, COPY_ARN), undefined);
  assert.deepEqual([processesNaming(restored), readdirSync(restored)], [[], []]);

  assert.notDeepEqual(processesNaming(server.data), [], 'the capture has no receiver');
  await client().send(new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }));
  await until(async () => {
    const { RecoveryPoints = [] } = await client().send(
      new ListRecoveryPointsByResourceCommand({ ResourceArn: BANK_ARN }),
    );
    return RecoveryPoints.length === 1 && processesNaming(server.data).length === 0 ? true : undefined;
  }, 'the end of the capture and of the continuous recovery point');
  assert.equal(existsSync(bank.server.dataDirectory), true);
});
