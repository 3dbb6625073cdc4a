import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ItemIssue } from '@holdfast/engine';
import { temporaryDirectory } from '@holdfast/testkit';
import type {
  Connector,
  ConnectorContext,
  RecoveryPointContent,
  RestoreOutcome,
  RestoreRequest,
} from '../../sdk/v1/connector.ts';
import { firstResource, runBackup, testConnectorContext } from '../../sdk/v1/testing.ts';
import { type DirectorySettings, directorySettings } from '../config.ts';
import { directoryConnectorOn } from '../connector.ts';
import { type OpenedPosixFiles, openPosixFiles } from '../posix/open-posix-files.ts';
import { removeContents } from '../remove-tree.ts';

export const RECOVERY_DIRECTORY = 'aws-backup-restore_2024-01-31T10-20-30-123Z';

export interface DirectoryFixture {
  /** A temporary directory with `source` (not made), `state` and `restored` in it. */
  readonly directory: string;
  readonly sourcePath: string;
  readonly context: ConnectorContext;
  readonly posix: OpenedPosixFiles;
  open(settings?: Partial<DirectorySettings>): Promise<Connector>;
}

/** Removes trees that are deeper than node:fs can go. */
export async function removeDeepTree(posix: OpenedPosixFiles, path: string): Promise<void> {
  await removeContents(posix.files, posix.files.openPath(path), new AbortController().signal);
}

export function directoryFixture(
  t: TestContext,
  overrides: { readonly context?: Partial<ConnectorContext>; readonly posix?: OpenedPosixFiles } = {},
): DirectoryFixture {
  const real = openPosixFiles();
  const given = overrides.posix ?? real;
  // A file system that others write to as well may take long to flush, and no test here pulls the plug.
  const posix = { ...given, files: { ...given.files, flush: async () => undefined } };
  const directory = temporaryDirectory({
    after: (remove) =>
      t.after(async () => {
        await removeDeepTree(real, directory);
        remove();
      }),
  });
  const context = testConnectorContext(directory, overrides.context);
  const sourcePath = join(directory, 'source');
  const open = (settings: Partial<DirectorySettings> = {}) =>
    directoryConnectorOn(() => posix).open(
      {
        name: 'tree',
        accountId: '123456789012',
        region: 'us-east-1',
        settings: directorySettings.parse({ path: sourcePath, ...settings }),
        secret: async () => '',
      },
      context,
    );
  return { directory, sourcePath, context, posix, open };
}

/** Backs the source up into memory. */
export async function backUp(connector: Connector) {
  const { arn } = await firstResource(connector);
  return { arn, ...(await runBackup(connector, arn)) };
}

export interface RestoreRun {
  readonly outcome: RestoreOutcome;
  readonly issues: readonly ItemIssue[];
}

/** Restores a recovery point with EFS metadata; `metadata` changes what a restore of everything into a new one says. */
export async function restoreFrom(
  connector: Connector,
  context: ConnectorContext,
  content: RecoveryPointContent,
  options: Partial<RestoreRequest> = {},
): Promise<RestoreRun> {
  const issues: ItemIssue[] = [];
  const resource = await firstResource(connector);
  const { metadata, ...others } = options;
  const outcome = await connector.restore({
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
    sourceResourceArn: resource.arn,
    metadata: {
      'file-system-id': resource.arn.split('/')[1] ?? '',
      Encrypted: 'false',
      PerformanceMode: 'generalPurpose',
      CreationToken: 'token',
      newFileSystem: 'true',
      ...metadata,
    },
    tags: {},
    content,
    jobId: 'D48D8717-0C9D-72DF-1F56-14E703BF2345',
    startedAt: context.now(),
    signal: new AbortController().signal,
    progress: () => undefined,
    issue: (issue) => issues.push(issue),
    ...others,
  });
  return { outcome, issues };
}

/** Where a restore into a new file system put the tree. */
export function restoredRoot(outcome: RestoreOutcome): string {
  return join(outcome.resource?.path ?? '', RECOVERY_DIRECTORY);
}
