/** Builds the console in a process beside the server when it is missing or older than its sources. */
import { spawn } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ConsoleBuildState } from './console-ports.ts';

/** Where the console's sources are in this installation. */
export function consolePackageDirectory(): string {
  const require = createRequire(import.meta.url);
  return dirname(require.resolve('@holdfast/console/package.json', { paths: [fileURLToPath(import.meta.url)] }));
}

/** A build that takes longer than this is broken, and its lock is of a process that is gone. */
const LONGEST_BUILD_MS = 120_000;

export interface ConsoleBuild {
  readonly distDirectory: string;
  state(): ConsoleBuildState;
  /** Resolves when the console is ready or its build has failed. */
  readonly finished: Promise<void>;
}

interface BuildLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Returns at once; a build runs in the background and replaces the old console as a whole when it is done. */
export function buildConsoleIfStale(packageDirectory: string, log: BuildLog): ConsoleBuild {
  const distDirectory = join(packageDirectory, 'dist');
  let state: ConsoleBuildState = { kind: 'ready' };
  if (!isStale(packageDirectory)) return { distDirectory, state: () => state, finished: Promise.resolve() };
  state = { kind: 'building' };
  const finished = buildOnce(packageDirectory, log).then(
    () => {
      state = { kind: 'ready' };
    },
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'the console could not be built');
      state = { kind: 'failed', reason };
    },
  );
  return { distDirectory, state: () => state, finished };
}

/** Without sources (an installation from packages) the console is as it was delivered. */
function isStale(packageDirectory: string): boolean {
  const built = join(packageDirectory, 'dist', 'index.html');
  const sources = globSync(['src/**/*.{ts,tsx,json,css}', 'index.html', 'vite.config.ts', 'package.json'], {
    cwd: packageDirectory,
  });
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return sources.some((file) => statSync(join(packageDirectory, file)).mtimeMs > builtAt);
}

/** Several servers may start at once: one builds, the others wait for it. */
async function buildOnce(packageDirectory: string, log: BuildLog): Promise<void> {
  const lock = join(packageDirectory, 'dist.lock');
  while (!(await take(lock))) await pause(200);
  try {
    if (isStale(packageDirectory)) await build(packageDirectory, log);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const takenAt = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (takenAt + LONGEST_BUILD_MS < Date.now()) await rm(lock, { recursive: true, force: true });
  return false;
}

async function build(packageDirectory: string, log: BuildLog): Promise<void> {
  const [dist, fresh, old] = ['dist', 'dist.new', 'dist.old'].map((name) => join(packageDirectory, name)) as [
    string,
    string,
    string,
  ];
  const startedAt = performance.now();
  await runVite(packageDirectory, fresh);
  await rm(old, { recursive: true, force: true });
  if (existsSync(dist)) await rename(dist, old);
  await rename(fresh, dist);
  await rm(old, { recursive: true, force: true });
  log.info({ seconds: ((performance.now() - startedAt) / 1000).toFixed(1) }, 'built the console');
}

function runVite(packageDirectory: string, outDirectory: string): Promise<void> {
  const vite = join(viteDirectory(packageDirectory), 'bin', 'vite.js');
  const child = spawn(
    process.execPath,
    [vite, 'build', '--outDir', outDirectory, '--emptyOutDir', '--logLevel', 'error'],
    {
      cwd: packageDirectory,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LONGEST_BUILD_MS,
    },
  );
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(Buffer.concat(errors).toString().slice(0, 2000) || `vite ended with ${code}`));
    });
  });
}

function viteDirectory(packageDirectory: string): string {
  const require = createRequire(join(packageDirectory, 'package.json'));
  try {
    return dirname(require.resolve('vite/package.json'));
  } catch (error) {
    throw new Error('Vite is not installed here. Run npm install, or install a package that contains the console.', {
      cause: error,
    });
  }
}
