/**
 * One backup or restore of a database server by the engine in a process of its own, as a peer's command would be.
 *
 *   node database-process.ts init|backup|restore <repository> <kind> <settings as JSON> <restore directory> [run]
 *   node database-process.ts remove <repository> <kind> <settings as JSON> <restore directory> <ARN>
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mariadbConnector, postgresqlConnector } from '@holdfast/connectors';
import type { Connector } from '@holdfast/connectors/sdk';
import { createRepository, openRepository, type Repository } from '@holdfast/engine';
import { connectorContext, restoreCommons, vaultParts } from './open-vault.ts';

const [command = '', repositoryPath = '', kind = '', settings = '', restoreDirectory = '', run = '1'] =
  process.argv.slice(2);
const ARN = 'arn:aws:rds:us-east-1:123456789012:db:bench';

function openSource(): Promise<Connector> {
  const common = { name: 'bench', accountId: '123456789012', region: 'us-east-1', secret: async () => '' };
  const context = connectorContext(repositoryPath, restoreDirectory);
  const given: unknown = JSON.parse(settings);
  if (kind === 'mariadb') {
    return mariadbConnector.open({ ...common, settings: mariadbConnector.settings.parse(given) }, context);
  }
  return postgresqlConnector.open({ ...common, settings: postgresqlConnector.settings.parse(given) }, context);
}

/** What the service keeps with a recovery point for the next backup. */
const stateFile = (number: number): string => join(repositoryPath, `state-of-run-${number}`);

function stateOf(number: number): { readonly state?: Uint8Array } {
  return existsSync(stateFile(number)) ? { state: readFileSync(stateFile(number)) } : {};
}

async function backup(repository: Repository, signal: AbortSignal): Promise<void> {
  await using connector = await openSource();
  const number = Number(run);
  const parentId = number > 1 ? `run-${number - 1}` : undefined;
  await using parent = parentId === undefined ? undefined : await repository.openRecoveryPoint(parentId);
  const session = await connector.openBackup({
    resourceArn: ARN,
    options: {},
    signal,
    ...(parent === undefined
      ? {}
      : { parent: { recoveryPointArn: 'arn:aws:backup:::parent', content: parent, ...stateOf(number - 1) } }),
  });
  const sealed = await repository.backupItems({
    recoveryPointId: `run-${number}`,
    retention: {},
    facts: {},
    entries: session.entries(signal),
    signal,
    ...(parentId === undefined ? {} : { parentId }),
  });
  const state = await session.state?.();
  if (state !== undefined) writeFileSync(stateFile(number), state);
  await session.release({ stored: true });
  if (sealed.issues.length > 0) throw new Error(`issues: ${JSON.stringify(sealed.issues[0])}`);
  console.log(JSON.stringify(sealed.statistics, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)));
}

async function restore(repository: Repository, signal: AbortSignal): Promise<void> {
  await using reader = await repository.openRecoveryPoint(`run-${run}`);
  await using connector = await openSource();
  const { createdResourceArn } = await connector.restore({
    recoveryPointArn: 'arn:aws:backup:::restored',
    sourceResourceArn: ARN,
    metadata: { DBInstanceIdentifier: `copy-${Date.now().toString(36)}` },
    content: reader,
    ...restoreCommons(signal),
  });
  writeFileSync(join(repositoryPath, 'restored'), createdResourceArn);
}

/** Stops the instance and removes it: the part of a restore that is not measured. */
async function remove(arn: string, signal: AbortSignal): Promise<void> {
  await using connector = await openSource();
  await connector.deleteRestored(arn, signal);
}

const { signal } = new AbortController();
if (command === 'remove') await remove(run, signal);
else {
  const given = await vaultParts(repositoryPath, { create: command === 'init' });
  const repository = command === 'init' ? await createRepository(given) : await openRepository(given);
  if (command === 'backup') await backup(repository, signal);
  if (command === 'restore') await restore(repository, signal);
  await repository.close();
  given.authority.close();
}
