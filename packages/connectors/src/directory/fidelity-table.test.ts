/**
 * The table of what comes back, as it stands in README.md: each row is proved by a round trip of its own, and the
 * document must hold exactly these rows.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openPosixFiles } from './posix/open-posix-files.ts';
import { backUp, directoryFixture, restoredRoot, restoreFrom } from './testing/directory-fixture.ts';
import { SAMPLE_ACL, setAttribute } from './testing/hostile-tree.ts';

const { files } = openPosixFiles();

interface Row {
  readonly what: string;
  readonly comesBack: 'yes' | 'no';
  /** What the restoring process needs for it. */
  readonly needs: string;
  /** Makes `thing` in a directory. */
  make(directory: string): void;
  /** What must be the same after the round trip, or differ where the row says no. */
  look(directory: string): unknown;
}

const thing = (directory: string) => join(directory, 'thing');
const stat = (directory: string) => lstatSync(thing(directory), { bigint: true });
const makeFile = (directory: string) => writeFileSync(thing(directory), 'content');

function withHandle<Result>(directory: string, action: (handle: number) => Result): Result {
  const handle = files.openPath(directory);
  try {
    return action(handle);
  } finally {
    files.close(handle);
  }
}

function withNode(directory: string, action: (node: number) => void): void {
  withHandle(directory, (handle) => {
    const node = files.openNode(handle, 'thing');
    action(node);
    files.close(node);
  });
}

const attribute = (name: string, value: Uint8Array) => ({
  make(directory: string) {
    makeFile(directory);
    withHandle(directory, (handle) => setAttribute(files, handle, 'thing', name, value));
  },
  look: (directory: string) => withHandle(directory, (handle) => files.attributes(handle, 'thing')),
});

const node = (type: 'fifo' | 'socket' | 'character-device' | 'block-device') => ({
  make: (directory: string) =>
    withHandle(directory, (handle) => files.makeNode(handle, 'thing', type, { major: 7, minor: 300 })),
  look: (directory: string) => [stat(directory).mode, stat(directory).rdev],
});

const CAPABILITY = Buffer.from('0100000200040000000000000000000000000000', 'hex');
const flag = {
  make(directory: string) {
    makeFile(directory);
    withHandle(directory, (handle) => {
      const file = files.openForWriting(handle, 'thing');
      files.setFlags(file, 0x40);
      files.close(file);
    });
  },
  look: (directory: string) => withHandle(directory, (handle) => files.status(handle, 'thing').flags),
};

const ROWS: readonly Row[] = [
  { what: 'content', comesBack: 'yes', needs: '', make: makeFile, look: (root) => readFileSync(thing(root), 'utf8') },
  {
    what: 'names of any bytes but `/` and NUL',
    comesBack: 'yes',
    needs: '',
    make: (root) => mkdirSync(Buffer.from(`${root}/\xff\n\x01`, 'latin1')),
    look: (root) => readdirSync(root, { encoding: 'latin1' }),
  },
  {
    what: 'empty directories',
    comesBack: 'yes',
    needs: '',
    make: (root) => mkdirSync(thing(root)),
    look: (root) => stat(root).mode,
  },
  {
    what: 'permissions with set-user-id, set-group-id and sticky bit',
    comesBack: 'yes',
    needs: '',
    make(root) {
      makeFile(root);
      chmodSync(thing(root), 0o7751);
    },
    look: (root) => stat(root).mode,
  },
  {
    what: 'owner and group, as numbers',
    comesBack: 'yes',
    needs: 'CAP_CHOWN',
    make(root) {
      makeFile(root);
      chownSync(thing(root), 1234, 5678);
    },
    look: (root) => [stat(root).uid, stat(root).gid],
  },
  {
    what: 'modification time in ns',
    comesBack: 'yes',
    needs: '',
    make(root) {
      makeFile(root);
      withNode(root, (handle) => files.setTimes(handle, undefined, 1_234_567_890_123_456_789n));
    },
    look: (root) => stat(root).mtimeNs,
  },
  {
    what: 'access time in ns',
    comesBack: 'yes',
    needs: '',
    make(root) {
      makeFile(root);
      withNode(root, (handle) => files.setTimes(handle, 4_102_444_800_000_000_001n, 1n));
    },
    look: (root) => stat(root).atimeNs,
  },
  {
    what: 'symbolic links with owner and times of their own',
    comesBack: 'yes',
    needs: '',
    make(root) {
      symlinkSync('/nowhere/at/all', thing(root));
      withNode(root, (handle) => files.setTimes(handle, 3n, 5n));
    },
    look: (root) => [readlinkSync(thing(root)), stat(root).mtimeNs],
  },
  {
    what: 'hard links, as further names of one file',
    comesBack: 'yes',
    needs: '',
    make(root) {
      makeFile(root);
      linkSync(thing(root), join(root, 'again'));
    },
    look: (root) => [stat(root).nlink, lstatSync(join(root, 'again'), { bigint: true }).ino === stat(root).ino],
  },
  {
    what: 'holes of sparse files',
    comesBack: 'yes',
    needs: '',
    make(root) {
      makeFile(root);
      truncateSync(thing(root), 50_000_000);
    },
    look: (root) => [stat(root).size, stat(root).blocks < 1000n],
  },
  {
    what: 'extended attributes `user.*`',
    comesBack: 'yes',
    needs: '',
    ...attribute('user.note', Buffer.from([0, 255])),
  },
  {
    what: 'extended attributes `trusted.*`',
    comesBack: 'yes',
    needs: 'CAP_SYS_ADMIN',
    ...attribute('trusted.note', Buffer.from('t')),
  },
  {
    what: 'POSIX ACLs, also default ones of directories',
    comesBack: 'yes',
    needs: '',
    ...attribute('system.posix_acl_access', SAMPLE_ACL),
  },
  {
    what: 'file capabilities',
    comesBack: 'yes',
    needs: 'CAP_SETFCAP',
    ...attribute('security.capability', CAPABILITY),
  },
  { what: 'FIFOs', comesBack: 'yes', needs: '', ...node('fifo') },
  { what: 'sockets, as names that nobody listens on', comesBack: 'yes', needs: '', ...node('socket') },
  { what: 'character devices', comesBack: 'yes', needs: 'CAP_MKNOD', ...node('character-device') },
  { what: 'block devices', comesBack: 'yes', needs: 'CAP_MKNOD', ...node('block-device') },
  {
    what: 'inode flags: no dump, immutable, append only, compressed',
    comesBack: 'yes',
    needs: 'CAP_LINUX_IMMUTABLE',
    ...flag,
  },
  {
    what: 'time of birth',
    comesBack: 'no',
    needs: 'recorded; no system can set it',
    make: makeFile,
    look: (root) => stat(root).birthtimeNs,
  },
  {
    what: 'time of the last status change',
    comesBack: 'no',
    needs: 'recorded; no system can set it',
    make: makeFile,
    look: (root) => stat(root).ctimeNs,
  },
  {
    what: 'inode number',
    comesBack: 'no',
    needs: 'recorded; no system can set it',
    make: makeFile,
    look: (root) => stat(root).ino,
  },
];

describe('The fidelity table', () => {
  const isRoot = process.getuid?.() === 0;
  for (const row of ROWS) {
    const skip = row.needs.startsWith('CAP_') && !isRoot ? `needs ${row.needs}` : false;
    it(`${row.what}: ${row.comesBack === 'yes' ? 'comes back' : 'does not come back'}`, { skip }, async (t) => {
      const { sourcePath, context, open } = directoryFixture(t);
      mkdirSync(sourcePath);
      row.make(sourcePath);
      const before = row.look(sourcePath);
      const connector = await open();
      const { outcome, issues } = await restoreFrom(connector, context, (await backUp(connector)).point);
      assert.deepEqual(issues, []);
      const after = row.look(restoredRoot(outcome));
      if (row.comesBack === 'yes') assert.deepEqual(after, before);
      else assert.notDeepEqual(after, before);
    });
  }

  it('stands in README.md with exactly these rows', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    const table = /<!-- fidelity -->\n([\s\S]*?)<!-- end -->/.exec(readme)?.[1];
    const rows = ROWS.map(({ what, comesBack, needs }) => `| ${what} | ${comesBack} | ${needs} |`);
    assert.equal(table, ['| What | Comes back | Needs |', '|---|---|---|', ...rows, ''].join('\n'));
  });
});
