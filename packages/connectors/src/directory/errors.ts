import type { ItemIssue, ItemPath } from '@holdfast/engine';
import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';
import { displayPath } from './item-paths.ts';
import { errorCode } from './posix/posix-error.ts';

/** Failures that would repeat with every further item: better to stop than to report each one. */
const HOPELESS = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT', 'EROFS']);

/** @throws ConnectorError `unavailable` when going on with other items has no use */
export function stopIfHopeless(doing: string, error: unknown): void {
  const code = errorCode(error) ?? '';
  if (!HOPELESS.has(code)) return;
  const hint = HINTS[code];
  throw new ConnectorError('unavailable', `${doing} stopped: ${reasonOf(error)}.`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * What a failed look at, or reading of, an item means for the recovery point.
 * @throws ConnectorError `unavailable` when going on with other items has no use
 */
export function readIssue(path: ItemPath, error: unknown): ItemIssue {
  stopIfHopeless('The backup', error);
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ESTALE') {
    return issue(path, 'vanished', 'it was removed or moved while the backup worked', true);
  }
  return issue(path, 'unreadable', reasonOf(error), true);
}

/** An issue whose message begins with the path, so that it reads by itself in a list. */
export function issue(path: ItemPath, code: string, reason: string, dataMissing: boolean): ItemIssue {
  return { path, code, message: `${displayPath(path)}: ${reason}`, dataMissing };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const CLASSES: Readonly<Record<string, ConnectorErrorClass>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'unavailable',
  ENOTDIR: 'unavailable',
  EROFS: 'denied',
};

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Run Holdfast as a user with rights on it, or with CAP_DAC_READ_SEARCH.',
  EDQUOT: 'Raise the quota of the user that Holdfast runs as.',
  EEXIST: 'Something of that name is there already.',
  EMFILE: 'Raise the limit on open files of the process (ulimit -n).',
  ENOENT: 'Create or mount it, or correct the path of the source.',
  ENOTDIR: 'A directory source needs a directory.',
  ENOSPC: 'Make room on that file system.',
  EROFS: 'Mount it writable, or choose another place.',
};

/** A failure of a whole source or target, with what to do about it. */
export function directoryError(what: string, path: string, error: unknown): ConnectorError {
  const code = errorCode(error) ?? '';
  const hint = HINTS[code];
  return new ConnectorError(CLASSES[code] ?? 'unavailable', `${what} ${path}: ${reasonOf(error)}.`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
