import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const backupState = z.object({
  /** `to_lsn` of the last backup of the chain: the next increment holds the pages that changed since. */
  toLsn: z.string().regex(/^\d+$/),
  increments: z.number(),
  series: z.string(),
  dataIdentity: z.string(),
});

/** What a physical backup leaves for the next one, which may then be an increment. */
export type BackupState = z.infer<typeof backupState>;

/** Undefined for a state that another version or method wrote: then the next backup is a full one. */
export function readBackupState(bytes: Uint8Array | undefined): BackupState | undefined {
  if (bytes === undefined) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith('{')) return undefined;
  const parsed = backupState.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

export function writeBackupState(state: BackupState): Uint8Array {
  return Buffer.from(JSON.stringify(state));
}

/**
 * Tells one life of a data directory from another: after a restore in its place, log sequence numbers of the old life
 * mean nothing.
 */
export async function dataIdentityOf(dataDirectory: string): Promise<string> {
  const facts = await stat(join(dataDirectory, 'ibdata1'), { bigint: true });
  return `${facts.ino}-${facts.birthtimeNs}`;
}
