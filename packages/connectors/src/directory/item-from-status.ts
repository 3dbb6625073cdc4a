import type { ContentSource, ExtendedAttribute, ItemPath, ItemRecord } from '@holdfast/engine';
import type { FileStatus } from './posix/posix-files.ts';

/** Section of the metadata that holds the inode flags of `chattr`, four bytes, little-endian; absent when none is set. */
export const FLAGS_SECTION = 'linux.flags';

export interface ItemDetails {
  readonly attributes: readonly ExtendedAttribute[];
  readonly linkTarget?: Uint8Array;
  readonly hardLinkTo?: ItemPath;
  readonly content?: ContentSource;
  readonly fingerprint?: Uint8Array;
}

/** The engine's record of a file, directory or node with everything that its status says. */
export function itemFromStatus(path: ItemPath, status: FileStatus, details: ItemDetails): ItemRecord {
  const { attributes, ...rest } = details;
  const isDevice = status.type === 'character-device' || status.type === 'block-device';
  return {
    path,
    type: status.type,
    sizeBytes: status.type === 'file' ? status.sizeBytes : 0,
    metadata: {
      posix: {
        mode: status.mode,
        uid: status.uid,
        gid: status.gid,
        modifiedAtNs: status.modifiedAtNs,
        accessedAtNs: status.accessedAtNs,
        changedAtNs: status.changedAtNs,
        ...(status.createdAtNs === undefined ? {} : { createdAtNs: status.createdAtNs }),
        inode: status.inode,
        device: status.device,
        linkCount: status.linkCount,
      },
      ...(attributes.length === 0 ? {} : { xattrs: attributes }),
      ...(status.flags === 0 || !hasFlags(status.type)
        ? {}
        : { extra: { [FLAGS_SECTION]: encodeFlags(status.flags) } }),
    },
    ...rest,
    ...(isDevice ? { rdev: status.rdev } : {}),
  };
}

/** Other types only inherit flags and have no call to set them. */
function hasFlags(type: FileStatus['type']): boolean {
  return type === 'file' || type === 'directory';
}

function encodeFlags(flags: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(flags);
  return bytes;
}

/** The inode flags of an item; 0 when none was set or the item came from elsewhere. */
export function flagsOf(item: ItemRecord): number {
  const bytes = item.metadata.extra?.[FLAGS_SECTION];
  if (bytes === undefined || bytes.byteLength !== 4) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}
