import { realpath } from 'node:fs/promises';
import type { ItemEntry } from '@holdfast/engine';
import type { BackupRequest, BackupSession, ConnectorContext } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { DirectorySettings } from './config.ts';
import { directoryError } from './errors.ts';
import { compileExcludes } from './exclude-patterns.ts';
import type { FileSystemRecord } from './file-system-register.ts';
import type { FileSystems } from './file-systems.ts';
import { directoryKey, ownDirectories } from './own-directories.ts';
import type { OpenedPosixFiles } from './posix/open-posix-files.ts';
import { TreeWalk } from './walk-tree.ts';

export interface CaptureOptions {
  readonly posix: OpenedPosixFiles;
  readonly fileSystems: FileSystems;
  readonly settings: DirectorySettings;
  readonly context: ConnectorContext;
}

/** Opens a file system for a backup: holds its root open, so that a mount cannot go away while the backup works. */
export async function openCapture(options: CaptureOptions, request: BackupRequest): Promise<BackupSession> {
  const { posix, fileSystems, settings, context } = options;
  request.signal.throwIfAborted();
  const record = await fileSystems.byArn(request.resourceArn);
  const isOwn = record.id === fileSystems.own.id;
  if (record.restored?.finished === false) {
    throw new ConnectorError('unavailable', `A restore into ${record.path} runs or was interrupted.`);
  }
  const rootPath = await openable(record.path);
  const own = await ownDirectories(context.holdfastDirectories);
  if (own.has((await directoryKey(rootPath)) ?? '')) {
    throw new ConnectorError('invalid-request', `${rootPath} is a directory of Holdfast itself.`, {
      hint: 'Choose another directory as source.',
    });
  }
  const walk = openWalk(options, rootPath, {
    excludes: isOwn ? compileExcludes(settings.exclude) : undefined,
    oneFileSystem: settings.oneFileSystem,
    ownDirectories: own,
    limitation: posix.limitation,
  });
  return session(walk, record, (lastBackup) => fileSystems.register.put({ ...record, lastBackup }));
}

/** What GetRecoveryPointRestoreMetadata answers: fit to be handed back as it is for a restore into a new file system. */
function restoreMetadataOf(record: FileSystemRecord): Readonly<Record<string, string>> {
  return {
    'file-system-id': record.id,
    Encrypted: 'false',
    PerformanceMode: 'generalPurpose',
    CreationToken: record.restored?.creationToken ?? record.name.slice(0, 64),
    newFileSystem: 'true',
  };
}

async function openable(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw directoryError('Cannot reach', path, error);
  }
}

type WalkSettings = Omit<ConstructorParameters<typeof TreeWalk>[1], 'files' | 'rootPath'>;

function openWalk({ posix: { files } }: CaptureOptions, rootPath: string, settings: WalkSettings): TreeWalk {
  try {
    return new TreeWalk(files.openPath(rootPath), { files, rootPath, ...settings });
  } catch (error) {
    throw directoryError('Cannot open', rootPath, error);
  }
}

function session(
  walk: TreeWalk,
  record: FileSystemRecord,
  remember: (totals: TreeWalk['totals']) => Promise<void>,
): BackupSession {
  let isReleased = false;
  return {
    kind: 'items',
    restoreMetadata: restoreMetadataOf(record),
    ...(record.lastBackup === undefined ? {} : { estimate: record.lastBackup }),
    entries(signal): AsyncIterable<ItemEntry> {
      if (isReleased) throw new Error('entries() was called after release()');
      return walk.entries(signal);
    },
    async release({ stored }) {
      if (isReleased) throw new Error('release() was called twice');
      isReleased = true;
      walk[Symbol.dispose]();
      if (stored) await remember(walk.totals);
    },
  };
}
