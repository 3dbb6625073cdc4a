import type { ItemIssue, ItemRecord } from '@holdfast/engine';
import { issue, reasonOf } from './errors.ts';
import { flagsOf } from './item-from-status.ts';
import { bytesAsString } from './item-paths.ts';
import type { Handle, PosixFiles } from './posix/posix-files.ts';

const SET_ID_BITS = 0o6000;

export interface ApplyOptions {
  /** Take away attributes that the item does not have: whatever was there before may have left some. */
  readonly clean: boolean;
  /** False for content that is not complete, so that nobody takes the file for finished. */
  readonly times: boolean;
  readonly report: (issue: ItemIssue) => void;
}

/**
 * Gives an open file, directory or node the owner, attributes, mode, times and flags of an item, in the order in which
 * one does not undo the other. What cannot be set is reported and does not stop the rest.
 */
export function applyAttributes(files: PosixFiles, handle: Handle, item: ItemRecord, options: ApplyOptions): void {
  const { posix, xattrs = [] } = item.metadata;
  const attempt = (what: string, action: () => void): boolean => {
    try {
      action();
      return true;
    } catch (error) {
      options.report(issue(item.path, 'attribute-not-restored', `${what}: ${reasonOf(error)}`, false));
      return false;
    }
  };

  let mode = posix?.mode ?? (item.type === 'directory' ? 0o755 : 0o644);
  if (posix !== undefined) {
    const isOwned = attempt(`owner ${posix.uid}:${posix.gid}`, () => files.setOwner(handle, posix.uid, posix.gid));
    // With another owner these bits would give the wrong user's rights to whoever runs the file.
    if (!isOwned) mode &= ~SET_ID_BITS;
  }
  if (options.clean) attempt('earlier attributes', () => removeOthers(files, handle, item));
  for (const attribute of xattrs) {
    attempt(`attribute ${bytesAsString(attribute.name)}`, () => files.setAttribute(handle, attribute));
  }
  if (item.type !== 'symlink') attempt('mode', () => files.setMode(handle, mode));
  if (posix !== undefined && options.times) {
    attempt('times', () => files.setTimes(handle, posix.accessedAtNs, posix.modifiedAtNs));
  }
  const flags = flagsOf(item);
  if (flags !== 0 && options.times) attempt('inode flags', () => files.setFlags(handle, flags));
}

/** Security labels belong to the target system's policy and stay. */
function removeOthers(files: PosixFiles, handle: Handle, item: ItemRecord): void {
  const wanted = new Set(item.metadata.xattrs?.map(({ name }) => bytesAsString(name)));
  for (const { name } of files.attributesOf(handle)) {
    const text = bytesAsString(name);
    if (!wanted.has(text) && text !== 'security.selinux') files.removeAttribute(handle, name);
  }
}
