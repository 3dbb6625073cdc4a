import type { Connector, ConnectorContext, ConnectorDescriptor, SourceConfiguration } from '../sdk/v1/connector.ts';
import { openCapture } from './capture.ts';
import { checkDirectory } from './check.ts';
import { type DirectorySettings, directorySettings } from './config.ts';
import { FileSystems } from './file-systems.ts';
import { type OpenedPosixFiles, openPosixFiles } from './posix/open-posix-files.ts';
import { planRemoval, removeRestored } from './remove-restored.ts';
import { restoreDirectory } from './restore.ts';
import { parseRestoreMetadata, restoreFields } from './restore-metadata.ts';

/** A directory tree with everything that POSIX knows, in the role of an EFS file system. */
export const directoryConnector: ConnectorDescriptor<DirectorySettings> = directoryConnectorOn(openPosixFiles);

/** The connector on a given layer of the operating system; tests put a failing one beneath. */
export function directoryConnectorOn(openPosix: () => OpenedPosixFiles): ConnectorDescriptor<DirectorySettings> {
  return {
    kind: 'directory',
    title: 'Directory tree (as an EFS file system)',
    resourceTypes: ['EFS'],
    abilities: { incremental: true, itemLevelRestore: true },
    settings: directorySettings,
    restoreFields,
    validateRestoreMetadata(metadata) {
      parseRestoreMetadata(metadata);
    },
    open: (source, context) => openDirectory(openPosix(), source, context),
  };
}

async function openDirectory(
  posix: OpenedPosixFiles,
  source: SourceConfiguration<DirectorySettings>,
  context: ConnectorContext,
): Promise<Connector> {
  const fileSystems = await FileSystems.open(source, context);
  const options = { posix, fileSystems, settings: source.settings, context };
  return {
    check: (signal) => checkDirectory(options, signal),
    discover: (signal) => fileSystems.discover(signal),
    openBackup: (request) => openCapture(options, request),
    restore: (request) => restoreDirectory({ files: posix.files, fileSystems, context }, request),
    async deleteRestored(resourceArn, signal) {
      const plan = planRemoval(await fileSystems.byArn(resourceArn));
      await removeRestored(posix.files, fileSystems, plan, signal);
    },
    async [Symbol.asyncDispose]() {
      // Nothing outlives a session: this connector holds no connection.
    },
  };
}
