/** The tools beside which the engine is measured, each as the commands of one backup tool. */
import { findProgram } from '@holdfast/testkit';
import type { Program } from '../measure.ts';

export interface BackupTool {
  readonly name: string;
  init(repository: string): Program | undefined;
  /** `reread`: read all content again even where metadata says that nothing changed. */
  backup(repository: string, source: string, run: number, reread: boolean): Program;
  restore(repository: string, target: string): Program;
  /** Compares the last backup's restore in place? Peers differ; only stored size and time are compared. */
  readonly keepsHistory: boolean;
}

/** restic as Debian ships it, compression on (its default for new repositories). */
function restic(program: string): BackupTool {
  const env = { RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: '' };
  const at = (repository: string): Record<string, string> => ({ ...env, RESTIC_CACHE_DIR: `${repository}.cache` });
  const base = (repository: string): string[] => [program, '-q', '-r', repository];
  return {
    name: 'restic',
    keepsHistory: true,
    init: (repository) => ({
      command: [...base(repository), 'init', '--repository-version', '2'],
      env: at(repository),
    }),
    backup: (repository, source, _run, reread) => ({
      command: [...base(repository), 'backup', ...(reread ? ['--force'] : []), source],
      env: at(repository),
    }),
    restore: (repository, target) => ({
      command: [...base(repository), 'restore', 'latest', '--target', target],
      env: at(repository),
    }),
  };
}

/** borg with authenticated encryption and zstd level 1. */
function borg(program: string): BackupTool {
  const at = (repository: string): Record<string, string> => ({
    BORG_PASSPHRASE: 'bench',
    BORG_BASE_DIR: `${repository}.base`,
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
  });
  return {
    name: 'borg',
    keepsHistory: true,
    init: (repository) => ({ command: [program, 'init', '-e', 'repokey-blake2', repository], env: at(repository) }),
    backup: (repository, source, run, reread) => ({
      command: [
        program,
        'create',
        '-C',
        'zstd,1',
        ...(reread ? ['--files-cache', 'disabled'] : []),
        `${repository}::run-${run}`,
        source,
      ],
      env: at(repository),
    }),
    restore: (repository, target) => ({
      command: [
        'sh',
        '-c',
        `cd "$2" && exec "$0" extract "$1::$(${program} list --last 1 --short "$1")"`,
        program,
        repository,
        target,
      ],
      env: at(repository),
    }),
  };
}

/** `tar | zstd -1 -T2` to one file: what two cores can do without any of a backup tool's promises. */
function tarZstd(): BackupTool {
  return {
    name: 'tar|zstd',
    keepsHistory: false,
    init: () => undefined,
    backup: (repository, source) => ({
      command: [
        'bash',
        '-c',
        'set -o pipefail; tar -C "$0" -cf - . | zstd -1 -T2 -q -f -o "$1.zst" && sync "$1.zst"',
        source,
        repository,
      ],
    }),
    restore: (repository, target) => ({
      command: ['bash', '-c', 'set -o pipefail; zstd -dcq "$0.zst" | tar -C "$1" -xf -', repository, target],
    }),
  };
}

/** kopia with zstd, as its own documentation recommends for speed; each command connects by a file of settings. */
function kopia(program: string): BackupTool {
  const base = (repository: string): string[] => [program, '--no-progress', '--config-file', `${repository}.kopia`];
  const env = { KOPIA_PASSWORD: 'bench', KOPIA_CHECK_FOR_UPDATES: 'false' };
  const shell = (script: string, ...args: string[]): Program => ({ command: ['sh', '-ec', script, ...args], env });
  return {
    name: 'kopia',
    keepsHistory: true,
    init: (repository) =>
      shell(
        `"$0" --no-progress --config-file "$1.kopia" repository create filesystem --path "$1" --cache-directory "$1.cache"
"$0" --no-progress --config-file "$1.kopia" policy set --global --compression zstd-fastest`,
        program,
        repository,
      ),
    backup: (repository, source, _run, reread) => ({
      command: [...base(repository), 'snapshot', 'create', ...(reread ? ['--force-hash', '100'] : []), source],
      env,
    }),
    restore: (repository, target) =>
      shell(
        `id=$("$0" --config-file "$1.kopia" snapshot list --all --json | sed -n 's/.*"id":"\\([0-9a-f]*\\)".*/\\1/p' | tail -1)
exec "$0" --no-progress --config-file "$1.kopia" snapshot restore "$id" "$2"`,
        program,
        repository,
        target,
      ),
  };
}

/** rustic with its defaults; it keeps restic's format. */
function rustic(program: string): BackupTool {
  const base = (repository: string): string[] => [program, '--no-progress', '--log-level', 'error', '-r', repository];
  const env = (repository: string) => ({ RUSTIC_PASSWORD: 'bench', RUSTIC_CACHE_DIR: `${repository}.cache` });
  return {
    name: 'rustic',
    keepsHistory: true,
    init: (repository) => ({ command: [...base(repository), 'init'], env: env(repository) }),
    backup: (repository, source, _run, reread) => ({
      command: [...base(repository), 'backup', ...(reread ? ['--force'] : []), source],
      env: env(repository),
    }),
    restore: (repository, target) => ({
      command: [...base(repository), 'restore', 'latest', target],
      env: env(repository),
    }),
  };
}

/** The peers that this machine has, and the names of those that it has not. */
export function installedPeers(): { readonly tools: BackupTool[]; readonly missing: string[] } {
  const tools: BackupTool[] = [];
  const missing: string[] = [];
  const add = (name: string, make: (program: string) => BackupTool): void => {
    const program = findProgram(name);
    if (program === undefined) missing.push(name);
    else tools.push(make(program));
  };
  add('restic', restic);
  add('borg', borg);
  add('kopia', kopia);
  add('rustic', rustic);
  add('zstd', tarZstd);
  return { tools, missing };
}
