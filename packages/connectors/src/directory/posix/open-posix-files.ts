import { bindLinuxCalls } from './linux-calls.ts';
import { linuxReader } from './linux-reader.ts';
import { linuxWriter } from './linux-writer.ts';
import { portablePosixFiles } from './portable-posix-files.ts';
import type { PosixFiles } from './posix-files.ts';

export interface OpenedPosixFiles {
  readonly files: PosixFiles;
  /** Why the complete layer could not be used, for the finding of a check and the issue of a backup. */
  readonly limitation?: string;
}

/** The best layer for this machine: everything on 64-bit little-endian Linux, node:fs elsewhere. */
export function openPosixFiles(): OpenedPosixFiles {
  if (process.platform !== 'linux' || !['x64', 'arm64', 'riscv64'].includes(process.arch)) {
    return limited(`${process.platform} on ${process.arch} has no native layer yet`);
  }
  try {
    const calls = bindLinuxCalls();
    return { files: { ...linuxReader(calls), ...linuxWriter(calls) } };
  } catch (error) {
    return limited(`the C library could not be reached (${error instanceof Error ? error.message : String(error)})`);
  }
}

function limited(reason: string): OpenedPosixFiles {
  return {
    files: portablePosixFiles(),
    limitation: `Extended attributes, ACLs, inode flags, device nodes, FIFOs, sockets and trees deeper than PATH_MAX are not kept: ${reason}.`,
  };
}
