import { createHash } from 'node:crypto';
import type { BackupFacts } from './backup-items.ts';

/** A clock of a file system may lag behind the clock of the server by a tick, and tar knows whole seconds only. */
const MARGIN_MS = 2000;

export interface FileFacts {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAtSeconds: number;
}

/**
 * How a file is known again without reading it: by name, size and time on the same server. A file that was changed
 * shortly before the backup began, or later, has no fingerprint: a further change could leave its time as it is.
 */
export function fingerprintRule(
  { server, systemId, timeline }: BackupFacts,
  startedAt: number,
): (file: FileFacts) => Uint8Array | undefined {
  return ({ name, sizeBytes, modifiedAtSeconds }) => {
    if ((modifiedAtSeconds + 1) * 1000 + MARGIN_MS > startedAt) return undefined;
    const text = JSON.stringify([server, systemId, timeline, name, sizeBytes, modifiedAtSeconds]);
    return createHash('sha256').update(text).digest().subarray(0, 16);
  };
}
