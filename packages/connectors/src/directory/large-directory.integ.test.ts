import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { PosixError } from './posix/posix-error.ts';
import type { FileStatus, PosixFiles } from './posix/posix-files.ts';
import { TreeWalk } from './walk-tree.ts';

const COUNT = 1_000_000;
const SPREAD = 7_654_321;

it('a directory with a million entries is walked in order, in little memory, and lets others work meanwhile', async () => {
  const walk = new TreeWalk(1, {
    files: syntheticDirectory(),
    rootPath: '/synthetic',
    excludes: undefined,
    oneFileSystem: true,
    ownDirectories: new Set(),
    limitation: undefined,
  });
  const before = process.memoryUsage().heapUsed;
  let turns = 0;
  let isWalking = true;
  const others = (async () => {
    while (isWalking) {
      turns += 1;
      await setImmediate();
    }
  })();
  let count = 0;
  let last = Buffer.alloc(0);
  let mostHeap = 0;
  for await (const entry of walk.entries(new AbortController().signal)) {
    assert.ok('item' in entry);
    const path = Buffer.from(entry.item.path);
    if (count > 0) assert.ok(Buffer.compare(last, path) < 0, 'out of order');
    last = path;
    count += 1;
    if (count % 100_000 === 0) mostHeap = Math.max(mostHeap, process.memoryUsage().heapUsed);
  }
  isWalking = false;
  await others;
  assert.equal(count, COUNT + 1);
  assert.ok(mostHeap - before < 300e6, `${Math.round((mostHeap - before) / 1e6)} MB`);
  assert.ok(turns > COUNT / 1000, `others had ${turns} turns`);
});

/** A directory of many FIFOs, listed in no order, that exists nowhere. */
function syntheticDirectory(): PosixFiles {
  let listed = 0;
  const status: FileStatus = {
    type: 'fifo',
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    allocatedBytes: 0,
    inode: 2n,
    device: 1n,
    mountId: 1n,
    linkCount: 1,
    rdev: { major: 0, minor: 0 },
    accessedAtNs: 0n,
    modifiedAtNs: 0n,
    changedAtNs: 0n,
    createdAtNs: undefined,
    flags: 0,
  };
  return {
    ...openPosixFiles().files,
    close: () => undefined,
    statusOf: () => ({ ...status, type: 'directory' }),
    attributesOf: () => [],
    attributes: () => [],
    status: () => status,
    openDirectory: () => {
      throw new PosixError('open', 'ENOTDIR');
    },
    readNames() {
      if (listed === COUNT) return undefined;
      const names = Array.from({ length: 2000 }, (_, index) => `entry-${((listed + index) * SPREAD) % 10_000_019}`);
      listed += names.length;
      return names;
    },
  };
}
