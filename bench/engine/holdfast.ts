import { join } from 'node:path';
import type { BackupTool } from './peers.ts';

/** Holdfast's engine as one more backup tool: a fresh process per command, authority and index on disk, fsync on. */
export function holdfast(): BackupTool {
  const program = join(import.meta.dirname, 'holdfast-process.ts');
  const node = [process.execPath, ...process.execArgv, program];
  return {
    name: 'holdfast',
    keepsHistory: true,
    init: (repository) => ({ command: [...node, 'init', repository] }),
    backup: (repository, source, run, reread) => ({
      command: [...node, 'backup', repository, source, String(run), ...(reread ? ['reread'] : [])],
    }),
    restore: (repository, target) => ({ command: [...node, 'restore', repository, target] }),
  };
}
