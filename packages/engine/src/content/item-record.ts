/**
 * What a source hands to the engine, one record per thing that it keeps: a file, a directory, an object, a database's
 * data file. Connectors produce these records; the engine stores them and, on restore, hands the same shape back.
 */

/**
 * A path inside a recovery point: raw bytes, components joined by `/`, no leading or trailing slash. The root is the
 * empty array. Names are bytes, not text: a POSIX name may hold any byte but `/` and NUL.
 */
export type ItemPath = Uint8Array;

export type ItemType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character-device'
  | 'block-device'
  | 'object';

/** POSIX attributes. Times are nanoseconds since the epoch, so that nothing is rounded. */
export interface PosixMetadata {
  /** Permission, set-uid, set-gid and sticky bits (07777), without the file type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner?: string;
  readonly group?: string;
  readonly modifiedAtNs: bigint;
  readonly accessedAtNs?: bigint;
  readonly changedAtNs?: bigint;
  readonly createdAtNs?: bigint;
  readonly inode?: bigint;
  readonly device?: bigint;
  readonly linkCount?: number;
}

/** An extended attribute; POSIX ACLs travel as the `system.posix_acl_*` attributes. */
export interface ExtendedAttribute {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Metadata as typed optional sections. An unknown section is kept and given back untouched: `extra` maps a section's
 * name (for example `s3.object`, `rds.instance`) to bytes that only the connector understands.
 */
export interface ItemMetadata {
  readonly posix?: PosixMetadata;
  readonly xattrs?: readonly ExtendedAttribute[];
  readonly extra?: Readonly<Record<string, Uint8Array>>;
}

/**
 * Where the bytes of an item come from.
 *
 * `local-file` is read by the engine's own worker threads (never following a symbolic link in the last component, holes
 * found by SEEK_HOLE), so that payload does not pass through the thread of the connector. `stream` is for what only
 * the connector can read; each part is copied before the next one is asked for, so that a source may use its memory again.
 */
export type ContentSource =
  | { readonly kind: 'local-file'; readonly path: Uint8Array }
  | { readonly kind: 'stream'; open(signal: AbortSignal): AsyncIterable<Uint8Array> }
  | { readonly kind: 'inline'; readonly bytes: Uint8Array };

/**
 * One item. Records of a backup arrive in path order: depth first, names within a directory in byte order, a directory
 * before what it contains (that is: byte order of paths in which `/` sorts below every other byte).
 */
export interface ItemRecord {
  readonly path: ItemPath;
  readonly type: ItemType;
  /** Logical size in bytes as the source states it; 0 for what has no content. */
  readonly sizeBytes: number;
  readonly metadata: ItemMetadata;
  /**
   * Bytes that change whenever the content may have changed (for files: size, mtime, ctime, inode; for objects: version
   * and ETag). When the parent recovery point holds the same path with an equal fingerprint, the engine takes the
   * parent's content and does not open this item's. Absent: always read.
   */
  readonly fingerprint?: Uint8Array;
  /** Present exactly when the type has content (`file`, `object`) and the item is not a further hard link. */
  readonly content?: ContentSource;
  readonly linkTarget?: Uint8Array;
  /** For a further member of a hard-link group: the path of the member that carries the content. */
  readonly hardLinkTo?: ItemPath;
  readonly rdev?: { readonly major: number; readonly minor: number };
}

/** Something that could not be kept, as data: recorded on the recovery point and never silent. */
export interface ItemIssue {
  readonly path: ItemPath;
  /** A stable code, for example `unreadable`, `vanished`, `changed-while-read`, `attribute-not-kept`. */
  readonly code: string;
  readonly message: string;
  /** True when the item, or part of it, is missing from the recovery point; false when only a detail was lost. */
  readonly dataMissing: boolean;
}

export type ItemEntry = { readonly item: ItemRecord } | { readonly issue: ItemIssue };
