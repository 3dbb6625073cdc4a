/**
 * One backup or restore by the engine in a process of its own, as a peer's command would be: opens store, keys and
 * authority, does the work with the directory connector, commits, and ends.
 *
 *   node holdfast-process.ts init|backup|restore <repository> [source|target] [run] [reread]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directoryConnector } from '@holdfast/connectors';
import type { Connector } from '@holdfast/connectors/sdk';
import { createRepository, type ItemEntry, openRepository, type Repository } from '@holdfast/engine';
import { connectorContext, restoreCommons } from '../open-vault.ts';
import { repositoryParts } from './scenarios/bench-repository.ts';

const [command = '', repositoryPath = '', place = '', run = '1', reread = ''] = process.argv.slice(2);

function openSource(path: string): Promise<Connector> {
  const source = { name: 'bench', accountId: '123456789012', region: 'us-east-1', secret: async () => '' };
  return directoryConnector.open(
    { ...source, settings: directoryConnector.settings.parse({ path }) },
    connectorContext(repositoryPath, place),
  );
}

async function resourceOf(connector: Connector, signal: AbortSignal): Promise<string> {
  for await (const { arn } of connector.discover(signal)) return arn;
  throw new Error('the directory is no resource');
}

async function* withoutFingerprints(entries: AsyncIterable<ItemEntry>): AsyncGenerator<ItemEntry> {
  for await (const entry of entries) {
    if (!('item' in entry)) yield entry;
    else {
      const { fingerprint: _, ...item } = entry.item;
      yield { item };
    }
  }
}

async function backup(repository: Repository, signal: AbortSignal): Promise<void> {
  await using connector = await openSource(place);
  const resourceArn = await resourceOf(connector, signal);
  const session = await connector.openBackup({ resourceArn, options: {}, signal });
  const entries = session.entries(signal);
  const number = Number(run);
  const sealed = await repository.backupItems({
    recoveryPointId: `run-${number}`,
    retention: {},
    facts: { resourceArn },
    entries: reread === '' ? entries : withoutFingerprints(entries),
    ...(number > 1 ? { parentId: `run-${number - 1}` } : {}),
    signal,
  });
  await session.release({ stored: true });
  if (sealed.issues.length > 0) throw new Error(`issues: ${JSON.stringify(sealed.issues[0])}`);
  writeFileSync(join(repositoryPath, 'last'), `run-${number}\n${resourceArn}`);
}

async function restore(repository: Repository, signal: AbortSignal): Promise<void> {
  const [id = '', resourceArn = ''] = readFileSync(join(repositoryPath, 'last'), 'utf8').split('\n');
  mkdirSync(place, { recursive: true });
  await using reader = await repository.openRecoveryPoint(id);
  await using connector = await openSource(place);
  await connector.restore({
    recoveryPointArn: `arn:aws:backup:us-east-1:123456789012:recovery-point:${id}`,
    sourceResourceArn: resourceArn,
    metadata: {
      'file-system-id': resourceArn.slice(resourceArn.lastIndexOf('/') + 1),
      newFileSystem: 'true',
      Encrypted: 'true',
      CreationToken: 'bench',
      PerformanceMode: 'generalPurpose',
    },
    content: reader,
    ...restoreCommons(signal),
  });
}

const { signal } = new AbortController();
const given = await repositoryParts(repositoryPath, command === 'init');
if (command === 'init') {
  await (await createRepository(given)).close();
} else {
  const repository = await openRepository(given);
  if (command === 'backup') await backup(repository, signal);
  else await restore(repository, signal);
  await repository.close();
  console.log(JSON.stringify(given.store.totals));
}
given.authority.close();
