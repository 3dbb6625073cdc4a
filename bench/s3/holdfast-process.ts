/**
 * One backup or restore of a bucket by the S3 connector and the engine, in a process of its own, as a peer's command
 * would be.
 *
 *   node holdfast-process.ts init|backup|restore <repository> <bucket> [run]
 *
 * The store is named by S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY; S3_OBJECT_ACLS=false leaves
 * access control lists out, as the peers do.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { s3Connector } from '@holdfast/connectors';
import type { Connector } from '@holdfast/connectors/sdk';
import { createRepository, openRepository, type Repository } from '@holdfast/engine';
import { connectorContext, restoreCommons, vaultParts } from '../open-vault.ts';

const [command = '', repositoryPath = '', bucket = '', run = '1'] = process.argv.slice(2);
const { signal } = new AbortController();

function openSource(): Promise<Connector> {
  const { S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_OBJECT_ACLS } = process.env;
  const settings = s3Connector.settings.parse({
    endpoint: S3_ENDPOINT,
    region: S3_REGION,
    credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: 'env:S3_SECRET_ACCESS_KEY' },
    objectAcls: S3_OBJECT_ACLS !== 'false',
  });
  const source = { name: 'bench', accountId: '123456789012', region: 'us-east-1', settings };
  return s3Connector.open(
    { ...source, secret: async () => S3_SECRET_ACCESS_KEY ?? '' },
    connectorContext(repositoryPath, repositoryPath),
  );
}

async function backup(repository: Repository): Promise<void> {
  await using connector = await openSource();
  const number = Number(run);
  const parentId = number > 1 ? `run-${number - 1}` : undefined;
  const reader = parentId === undefined ? undefined : await repository.openRecoveryPoint(parentId);
  const session = await connector.openBackup({
    resourceArn: `arn:aws:s3:::${bucket}`,
    options: {},
    signal,
    ...(reader === undefined ? {} : { parent: { recoveryPointArn: 'parent', content: reader } }),
  });
  const sealed = await repository.backupItems({
    recoveryPointId: `run-${number}`,
    retention: {},
    facts: {},
    entries: session.entries(signal),
    signal,
    ...(parentId === undefined ? {} : { parentId }),
  });
  await session.release({ stored: true });
  await reader?.close();
  if (sealed.issues.length > 0) throw new Error(`issues: ${JSON.stringify(sealed.issues[0])}`);
  writeFileSync(join(repositoryPath, 'last'), `run-${number}`);
}

async function restore(repository: Repository): Promise<void> {
  await using reader = await repository.openRecoveryPoint(readFileSync(join(repositoryPath, 'last'), 'utf8'));
  await using connector = await openSource();
  await connector.restore({
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:bench',
    sourceResourceArn: 'arn:aws:s3:::source',
    metadata: {
      DestinationBucketName: bucket,
      NewBucket: 'true',
      Encrypted: 'false',
      EncryptionType: 'original',
      CreationToken: 'bench',
    },
    content: reader,
    ...restoreCommons(signal),
  });
}

const given = await vaultParts(repositoryPath, { create: command === 'init' });
if (command === 'init') {
  await (await createRepository(given)).close();
} else {
  const repository = await openRepository(given);
  if (command === 'backup') await backup(repository);
  else await restore(repository);
  await repository.close();
}
given.authority.close();
