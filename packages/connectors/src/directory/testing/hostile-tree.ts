import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Handle, PosixFiles } from '../posix/posix-files.ts';

/** A POSIX ACL as the kernel stores it: version 2, then tag, permissions and id of each entry. */
export function posixAcl(entries: readonly (readonly [tag: number, permissions: number, id: number])[]): Buffer {
  const bytes = Buffer.alloc(4 + entries.length * 8);
  bytes.writeUInt32LE(2, 0);
  for (const [index, [tag, permissions, id]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(permissions, 6 + index * 8);
    bytes.writeUInt32LE(id >>> 0, 8 + index * 8);
  }
  return bytes;
}

const NO_ID = 0xffffffff;
/** user::rw-, user:65534:rw-, group::r--, mask::rw-, other::r-- */
export const SAMPLE_ACL = posixAcl([
  [0x01, 6, NO_ID],
  [0x02, 6, 65534],
  [0x04, 4, NO_ID],
  [0x10, 6, NO_ID],
  [0x20, 4, NO_ID],
]);

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/**
 * A tree with one of everything that a POSIX file system may hold and that backups get wrong. What needs root is left
 * out without it.
 */
export function buildHostileTree(root: string, files: PosixFiles): void {
  const isRoot = process.getuid?.() === 0;
  mkdirSync(root, { recursive: true });
  const directory = files.openPath(root);
  try {
    buildNames(root, files, directory);
    buildContents(root);
    buildLinks(root);
    buildAttributes(root, files, directory);
    buildNodes(files, directory, isRoot);
    if (isRoot) buildOwners(root, files, directory);
    buildOldTimes(root, files, directory);
  } finally {
    files.close(directory);
  }
}

function writeNamed(files: PosixFiles, directory: Handle, name: string, content: string): void {
  const handle = files.createFile(directory, name);
  writeSync(handle, content);
  files.close(handle);
}

/** Names that are no text, that begin or end oddly, that sort oddly around `/`, and the longest one. */
function buildNames(root: string, files: PosixFiles, directory: Handle): void {
  const names = [
    'not-utf8-\xff\xfe',
    'new\nline',
    ' space ',
    '-rf',
    '*',
    '\\',
    'caf\xc3\xa9',
    '..hidden',
    '\x01',
    'x'.repeat(255),
  ];
  for (const name of names) writeNamed(files, directory, name, `content of ${name}`);
  mkdirSync(join(root, 'sort', 'a', 'deep'), { recursive: true });
  for (const name of ['a!', 'a-b', 'a.txt', 'a0', 'aa']) writeFileSync(join(root, 'sort', name), name);
  writeFileSync(join(root, 'sort', 'a', 'z'), 'z');
  mkdirSync(Buffer.concat([bytes(`${root}/`), bytes('dir-\xe9\xff')]));
  mkdirSync(join(root, 'empty-directory'));
}

function buildContents(root: string): void {
  writeFileSync(join(root, 'empty-file'), '');
  writeFileSync(join(root, 'one-byte'), 'x');
  writeFileSync(join(root, 'zeros'), Buffer.alloc(64 * 1024));
  writeFileSync(join(root, 'larger'), Buffer.alloc(3_000_001, 'a longer text that repeats itself '));
  const sparse = openSync(join(root, 'sparse'), 'w');
  ftruncateSync(sparse, 20_000_000);
  writeSync(sparse, 'middle', 9_999_999);
  ftruncateSync(sparse, 30_000_000);
  fsyncSync(sparse);
  closeSync(sparse);
}

function buildLinks(root: string): void {
  mkdirSync(join(root, 'links', 'sub'), { recursive: true });
  writeFileSync(join(root, 'links', 'm-first'), 'shared');
  linkSync(join(root, 'links', 'm-first'), join(root, 'links', 'z-second'));
  linkSync(join(root, 'links', 'm-first'), join(root, 'links', 'sub', 'third'));
  linkSync(join(root, 'links', 'm-first'), join(root, 'links', 'a-before'));
  symlinkSync('m-first', join(root, 'links', 'relative'));
  symlinkSync('/etc/passwd', join(root, 'links', 'absolute'));
  symlinkSync('../../../../../../etc', join(root, 'links', 'outside'));
  symlinkSync('nowhere', join(root, 'links', 'dangling'));
  symlinkSync('loop', join(root, 'links', 'loop'));
  symlinkSync(bytes('\xff\xfe'), join(root, 'links', 'not-utf8'));
  linkSync(join(root, 'links', 'dangling'), join(root, 'links', 'dangling-again'));
}

function buildAttributes(root: string, files: PosixFiles, directory: Handle): void {
  for (const [name, mode] of [
    ['set-uid', 0o4755],
    ['set-gid', 0o2755],
    ['closed', 0o000],
    ['read-only', 0o444],
  ] as const) {
    writeFileSync(join(root, name), name);
    chmodSync(join(root, name), mode);
  }
  mkdirSync(join(root, 'sticky'));
  chmodSync(join(root, 'sticky'), 0o1777);
  if (!files.abilities.extendedAttributes) return;
  writeNamed(files, directory, 'attributes', 'with attributes');
  setAttribute(files, directory, 'attributes', 'user.text', bytes('value'));
  setAttribute(files, directory, 'attributes', 'user.empty', Buffer.alloc(0));
  setAttribute(files, directory, 'attributes', 'user.binary', bytes('\x00\xff\x00'));
  setAttribute(files, directory, 'attributes', 'user.long', Buffer.alloc(3000, 'v'));
  setAttribute(files, directory, 'attributes', 'system.posix_acl_access', SAMPLE_ACL);
  mkdirSync(join(root, 'acl-directory'));
  setAttribute(files, directory, 'acl-directory', 'system.posix_acl_default', SAMPLE_ACL);
  setAttribute(files, directory, 'acl-directory', 'user.on-directory', bytes('yes'));
  writeFileSync(join(root, 'acl-directory', 'inherits'), 'inherits');
  mkdirSync(join(root, 'acl-directory', 'inherits-too'));
}

export function setAttribute(files: PosixFiles, directory: Handle, name: string, key: string, value: Uint8Array): void {
  const handle = files.openNode(directory, name);
  try {
    files.setAttribute(handle, { name: bytes(key), value });
  } finally {
    files.close(handle);
  }
}

function buildNodes(files: PosixFiles, directory: Handle, isRoot: boolean): void {
  if (!files.abilities.deviceNodes) return;
  files.makeNode(directory, 'fifo', 'fifo', { major: 0, minor: 0 });
  files.makeNode(directory, 'socket', 'socket', { major: 0, minor: 0 });
  if (!isRoot) return;
  files.makeNode(directory, 'character-device', 'character-device', { major: 1, minor: 3 });
  files.makeNode(directory, 'block-device', 'block-device', { major: 259, minor: 70_000 });
}

function buildOwners(root: string, files: PosixFiles, directory: Handle): void {
  writeFileSync(join(root, 'owned'), 'owned');
  chownSync(join(root, 'owned'), 1234, 5678);
  chmodSync(join(root, 'owned'), 0o6711);
  writeFileSync(join(root, 'large-ids'), 'large ids');
  chownSync(join(root, 'large-ids'), 0xfffffffd, 0xfffffffc);
  setAttribute(files, directory, 'owned', 'trusted.note', bytes('trusted'));
  // cap_net_bind_service+ep, as setcap writes it.
  const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex');
  setAttribute(files, directory, 'owned', 'security.capability', capability);
  const links = files.openDirectory(directory, 'links');
  const link = files.openNode(links, 'relative');
  files.close(links);
  files.setOwner(link, 77, 88);
  files.setAttribute(link, { name: bytes('trusted.on-link'), value: bytes('yes') });
  files.setTimes(link, 1_000_000_001n, 2_000_000_002n);
  files.close(link);
}

/** Times before the epoch, far ahead, and with every digit of the nanoseconds. */
function buildOldTimes(root: string, files: PosixFiles, directory: Handle): void {
  const times = {
    before: -1_234_567_890_123_456_789n,
    digits: 1_234_567_890_123_456_789n,
    ahead: 4_102_444_800_000_000_001n,
  };
  for (const [name, time] of Object.entries(times)) {
    writeFileSync(join(root, `time-${name}`), name);
    const handle = files.openNode(directory, `time-${name}`);
    files.setTimes(handle, time + 1n, time);
    files.close(handle);
  }
  const empty = files.openNode(directory, 'empty-directory');
  files.setTimes(empty, 111_111_111_111_111_111n, 222_222_222_222_222_222n);
  files.close(empty);
}
