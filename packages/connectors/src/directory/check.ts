import { access, constants, mkdir, readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { CheckFinding } from '../sdk/v1/connector.ts';
import type { CaptureOptions } from './capture.ts';
import { directoryError, reasonOf } from './errors.ts';
import { resolved } from './file-systems.ts';
import { directoryKey, ownDirectories } from './own-directories.ts';

/** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: either lets a process read files whatever their mode. */
const READ_ALL_CAPABILITIES = (1n << 1n) | (1n << 2n);

/** What a source needs, one finding for each thing, with what to do about it. */
export async function checkDirectory(options: CaptureOptions, signal: AbortSignal): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (const check of [checkPath, checkOwnData, checkRestorePath, checkRights, checkAttributes]) {
    signal.throwIfAborted();
    findings.push(await check(options));
  }
  return findings;
}

async function checkPath({ settings: { path } }: CaptureOptions): Promise<CheckFinding> {
  const what = `${path} is a directory that can be read`;
  try {
    if (!(await stat(path)).isDirectory()) return failed(what, `${path} is something else: name a directory.`);
    await access(path, constants.R_OK | constants.X_OK);
    return { what, ok: true };
  } catch (error) {
    return failed(what, directoryError('Cannot read', path, error).message);
  }
}

async function checkOwnData({ settings: { path }, context }: CaptureOptions): Promise<CheckFinding> {
  const what = `${path} is not a directory of Holdfast itself`;
  const own = await ownDirectories(context.holdfastDirectories);
  if (!own.has((await directoryKey(path)) ?? '')) return { what, ok: true };
  return failed(what, 'Choose another directory: a backup of the backups would grow without end.');
}

async function checkRestorePath({ settings: { path }, fileSystems, context }: CaptureOptions): Promise<CheckFinding> {
  const restorePath = fileSystems.restorePath(context);
  const what = `restores can make new file systems in ${restorePath}`;
  const below = relative(await resolved(path), await resolved(restorePath));
  const isHoldfasts = context.holdfastDirectories.some((own) => !relative(own, restorePath).startsWith('..'));
  if (!below.startsWith('..') && !isHoldfasts) {
    return failed(
      what,
      `It lies within the source, so that backups would take restored file systems in: set restorePath to another place.`,
    );
  }
  try {
    await mkdir(restorePath, { recursive: true, mode: 0o700 });
    await access(restorePath, constants.W_OK | constants.X_OK);
    return { what, ok: true };
  } catch (error) {
    return failed(what, `${reasonOf(error)}. Make it writable, or set restorePath to another place.`);
  }
}

async function checkRights(): Promise<CheckFinding> {
  const what = 'files of every owner can be read';
  if (process.getuid?.() === 0 || (await canReadAll())) return { what, ok: true };
  const hint =
    'Holdfast does not run as root: files that refuse to be read will be missing (each one is recorded as an issue), ' +
    'and restores cannot set owners. Run it as root, or give it CAP_DAC_READ_SEARCH, CAP_CHOWN, CAP_FOWNER and CAP_MKNOD.';
  return { what, ok: false, advisory: true, hint };
}

async function canReadAll(): Promise<boolean> {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
    return effective !== undefined && (BigInt(`0x${effective}`) & READ_ALL_CAPABILITIES) !== 0n;
  } catch {
    // No such file on this system: without proof of the right there is none.
    return false;
  }
}

async function checkAttributes({ posix: { limitation } }: CaptureOptions): Promise<CheckFinding> {
  const what = 'all attributes of files can be kept';
  return limitation === undefined ? { what, ok: true } : { what, ok: false, advisory: true, hint: limitation };
}

function failed(what: string, hint: string): CheckFinding {
  return { what, ok: false, hint };
}
