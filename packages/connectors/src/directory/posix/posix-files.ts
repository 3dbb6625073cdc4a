/**
 * What the directory connector needs from the operating system, as calls relative to an open directory.
 *
 * Why not node:fs: it has no extended attributes, no device nodes, no times beyond milliseconds when writing, and its
 * paths end at PATH_MAX. And a path is looked up anew on every call, so that whoever may write into the tree can swap a
 * directory for a symbolic link between two calls. Calls relative to a directory that is held open, with one name and
 * without following a link, have neither limit.
 *
 * Names are strings with one character per byte (latin1): they sort in byte order with plain comparison and take a
 * third of the memory of small buffers. Every method throws PosixError. All calls are synchronous and short.
 */
import type { ExtendedAttribute, ItemType } from '@holdfast/engine';

/** An open file, directory or node; a number that only the layer which gave it out understands. */
export type Handle = number;

/** A file name, one character per byte; never empty, never with a slash. */
export type Name = string;

export interface FileStatus {
  readonly type: Exclude<ItemType, 'object'>;
  /** 07777 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly inode: bigint;
  readonly device: bigint;
  /** Tells mounts apart, also those of one device; undefined where the system does not say. */
  readonly mountId: bigint | undefined;
  readonly linkCount: number;
  readonly rdev: { readonly major: number; readonly minor: number };
  readonly accessedAtNs: bigint;
  readonly modifiedAtNs: bigint;
  readonly changedAtNs: bigint;
  readonly createdAtNs: bigint | undefined;
  /** Inode flags (`chattr`) that can be read without opening: compressed 0x4, immutable 0x10, append 0x20, no dump 0x40. */
  readonly flags: number;
}

/** Which attributes this platform keeps; what it lacks is reported by every backup and check. */
export interface PosixAbilities {
  readonly extendedAttributes: boolean;
  readonly deviceNodes: boolean;
  /** Trees deeper than PATH_MAX, and safety against links that appear while a restore works. */
  readonly relativeCalls: boolean;
  readonly nanosecondTimes: boolean;
}

export interface PosixReader {
  readonly abilities: PosixAbilities;
  /** Opens a directory by its path; the only call that follows links. */
  openPath(path: string | Uint8Array): Handle;
  /** Opens a directory within another one, never through a link. */
  openDirectory(parent: Handle, name: Name): Handle;
  /** Opens a regular file for reading, never through a link and never waiting for a FIFO's writer. */
  openForReading(parent: Handle, name: Name): Handle;
  close(handle: Handle): void;
  /** The next names of a directory, in the system's order, without `.` and `..`; undefined at the end. */
  readNames(directory: Handle): Name[] | undefined;
  status(directory: Handle, name: Name): FileStatus;
  statusOf(handle: Handle): FileStatus;
  readLink(directory: Handle, name: Name): Uint8Array;
  /** Extended attributes with ACLs; empty where the file system has none. */
  attributes(directory: Handle, name: Name): readonly ExtendedAttribute[];
  attributesOf(handle: Handle): readonly ExtendedAttribute[];
  /** The file system's clock in ns since the epoch: the one that stamps files, and so not the injected one. */
  fileClockNs(): bigint;
}

export interface PosixWriter {
  makeDirectory(parent: Handle, name: Name): void;
  /** A new regular file of mode 0600, open for reading and writing; fails when the name exists. */
  createFile(parent: Handle, name: Name): Handle;
  /** An existing regular file, open for reading and writing, never through a link. */
  openForWriting(parent: Handle, name: Name): Handle;
  /** Any existing thing, also a link itself, for the `set…` calls. */
  openNode(parent: Handle, name: Name): Handle;
  makeNode(
    parent: Handle,
    name: Name,
    type: 'fifo' | 'socket' | 'character-device' | 'block-device',
    rdev: { readonly major: number; readonly minor: number },
  ): void;
  makeSymlink(parent: Handle, name: Name, target: Uint8Array): void;
  makeHardLink(fromParent: Handle, fromName: Name, parent: Handle, name: Name): void;
  removeFile(parent: Handle, name: Name): void;
  removeDirectory(parent: Handle, name: Name): void;
  /** A path under which other threads of this process reach what the handle holds. */
  pathOf(handle: Handle): Uint8Array;
  setOwner(handle: Handle, uid: number, gid: number): void;
  setMode(handle: Handle, mode: number): void;
  /** Undefined leaves a time as it is. */
  setTimes(handle: Handle, accessedAtNs: bigint | undefined, modifiedAtNs: bigint): void;
  setAttribute(handle: Handle, attribute: ExtendedAttribute): void;
  removeAttribute(handle: Handle, name: Uint8Array): void;
  /** Sets the inode flags of a file or directory that is open for reading or writing. */
  setFlags(handle: Handle, flags: number): void;
  /** Resolves when everything written to the handle's file system is on its disk. */
  flush(handle: Handle): Promise<void>;
}

export type PosixFiles = PosixReader & PosixWriter;
