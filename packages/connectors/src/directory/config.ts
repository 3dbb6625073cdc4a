import { isAbsolute } from 'node:path';
import { z } from 'zod';

const absolutePath = z
  .string()
  .min(1)
  .refine((path) => isAbsolute(path), 'must be an absolute path')
  .refine((path) => !path.includes('\0'), 'must not contain a NUL character');

/** Settings of a directory source, as written in `holdfast.yaml` or given to `holdfast source add directory`. */
export const directorySettings = z.strictObject({
  /** The directory to protect; a symbolic link is resolved when the source is opened. */
  path: absolutePath,
  /** Native tags of the file system, which selections match and recovery points inherit (at most 50). */
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= 50, 'at most 50 tags')
    .default({}),
  /** Where restores to a new file system make it; default: the server's restore directory. */
  restorePath: absolutePath.optional(),
  /**
   * Globs of what to leave out: `*` and `?` stay within a name, `**` crosses directories. A pattern with a slash is
   * anchored at the root, one without matches a name at any depth. A directory that matches is left out with all
   * that it contains.
   */
  exclude: z.array(z.string().min(1)).default([]),
  /** Stay on the file system of the root; what is mounted below is recorded as an issue and left out. */
  oneFileSystem: z.boolean().default(true),
});

export type DirectorySettings = z.infer<typeof directorySettings>;
