import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { type ConnectorScenario, testConnector } from '../sdk/v1/testing.ts';
import { directoryConnectorOn } from './connector.ts';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { failingPosixFiles } from './testing/failing-posix-files.ts';
import { treePicture } from './testing/tree-picture.ts';

const { files: realFiles } = openPosixFiles();
/** One name that refuses to be read, and a clock by which the files of a test were not written just now. */
const files = {
  ...failingPosixFiles(realFiles, { refused: 'EACCES' }),
  fileClockNs: () => realFiles.fileClockNs() + 1_000_000_000n,
};

testConnector('directory', {
  descriptor: directoryConnectorOn(() => ({ files })),
  setUp: async (t) => scenario(t),
});

function scenario(t: TestContext): ConnectorScenario {
  const directory = temporaryDirectory(t);
  const path = join(directory, 'source');
  buildSource(path);
  const source = {
    kind: 'directory',
    name: 'projects',
    accountId: '123456789012',
    region: 'us-east-1',
    settings: { path, tags: { team: 'blue' } },
    secret: async () => '',
  };
  const picture = (root: string) => treePicture(root, { files });
  return {
    source,
    directory,
    expectedTags: { team: 'blue' },
    unreachable: { ...source, name: 'gone', settings: { path: join(directory, 'nowhere') } },
    newResourceMetadata: (stated) => stated,
    existingResourceMetadata: (stated) => ({ ...stated, newFileSystem: 'false' }),
    invalidMetadata: [
      { change: { 'file-system-id': undefined }, message: /file-system-id/ },
      { change: { 'file-system-id': 'vol-1' }, message: /file-system-id/ },
      { change: { Encrypted: undefined }, message: /Encrypted/ },
      { change: { Encrypted: 'yes' }, message: /Encrypted/ },
      { change: { KmsKeyId: 'alias/mine' }, message: /Encrypted.*KmsKeyId/ },
      { change: { PerformanceMode: 'fast' }, message: /PerformanceMode/ },
      { change: { CreationToken: '' }, message: /CreationToken/ },
      { change: { newFileSystem: undefined }, message: /newFileSystem/ },
      { change: { ItemsToRestore: 'plan.txt' }, message: /ItemsToRestore.*JSON/ },
      { change: { ItemsToRestore: '[]' }, message: /ItemsToRestore.*1 to 5/ },
      { change: { ItemsToRestore: '["/1","/2","/3","/4","/5","/6"]' }, message: /ItemsToRestore.*1 to 5/ },
      { change: { itemsToRestore: '["relative"]' }, message: /ItemsToRestore.*from the root/ },
      { change: { ItemsToRestore: '["/a/../../etc"]' }, message: /ItemsToRestore.*\.\./ },
      { change: { note: 'x'.repeat(201 * 1024) }, message: /200 KB/ },
      { change: { 'holdfast:in-place': 'true' }, message: /newFileSystem=false/ },
    ],
    change: async () => writeFileSync(join(path, 'plan.txt'), 'another plan'),
    async makeUnreadable() {
      mkdirSync(join(path, 'refused'));
      return { issueMentions: /refused/ };
    },
    takeAway: async () => renameSync(path, `${path}-elsewhere`),
    contentOfSource: async () => withoutRecovery(picture(path)),
    contentOfRestore: async (_outcome, resource) =>
      picture(join(resource?.path ?? path, 'aws-backup-restore_2024-01-31T10-20-30-123Z')),
  };
}

function buildSource(path: string): void {
  mkdirSync(join(path, 'projects', 'empty'), { recursive: true });
  writeFileSync(join(path, 'plan.txt'), 'the plan');
  writeFileSync(join(path, 'projects', 'notes'), 'notes');
  writeFileSync(join(path, 'projects', 'data'), Buffer.alloc(100_000, 'data'));
  chmodSync(join(path, 'projects', 'notes'), 0o640);
  symlinkSync('plan.txt', join(path, 'link'));
}

/** What was there before a restore into the file system itself put its recovery directory beside it. */
function withoutRecovery(picture: Record<string, unknown>): unknown {
  const entries = Object.entries(picture).filter(([key]) => !key.startsWith('aws-backup-restore_'));
  return Object.fromEntries(entries);
}
