import type { FileStatus } from './posix/posix-files.ts';

/**
 * A file that was changed this shortly before it was looked at has no fingerprint: a second change within the same
 * tick of the file system's clock would leave all its times as they are. The coarsest tick is 10 ms.
 */
const CLOCK_TICK_NS = 50_000_000n;

/**
 * The bytes that change whenever a file's content may have changed: size, modification and change time in ns, inode,
 * and the device when the file lies on another file system than the root. (The root's own device number is left out,
 * since network and copy-on-write file systems get a new one with every mount.)
 */
export function fileFingerprint(status: FileStatus, rootDevice: bigint, nowNs: bigint): Uint8Array | undefined {
  const age = nowNs - status.changedAtNs;
  if (age >= 0n && age < CLOCK_TICK_NS) return undefined;
  const bytes = Buffer.allocUnsafe(40);
  bytes.writeBigInt64LE(BigInt(status.sizeBytes), 0);
  bytes.writeBigInt64LE(status.modifiedAtNs, 8);
  bytes.writeBigInt64LE(status.changedAtNs, 16);
  bytes.writeBigUInt64LE(status.inode, 24);
  bytes.writeBigUInt64LE(status.device === rootDevice ? 0n : status.device, 32);
  return bytes;
}
