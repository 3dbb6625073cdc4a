import { join } from 'node:path';
import type { ItemPath } from '@holdfast/engine';
import type { FileSystemRecord, RestoreMarker } from './file-system-register.ts';
import { namesFromPath } from './item-paths.ts';
import type { DirectoryRestoreMetadata } from './restore-metadata.ts';

/** What a restore will do, decided before anything is made. */
export interface RestorePlan {
  readonly jobId: string;
  readonly fileSystemId: string;
  readonly fileSystemPath: string;
  readonly isNewFileSystem: boolean;
  /** Absent: over the root of the file system itself. */
  readonly recoveryDirectory: string | undefined;
  /** In path order, without what another one contains; absent: everything. */
  readonly items: readonly ItemPath[] | undefined;
  /** Continues an earlier call of the same job, so that finished files are not written again. */
  readonly isResumed: boolean;
  /** Whether things may exist already where the restore wants to put its own. */
  readonly isOverExisting: boolean;
}

export interface RestorePlanInput {
  readonly jobId: string;
  /** The free name for the recovery directory. */
  readonly recoveryDirectory: string;
  readonly metadata: DirectoryRestoreMetadata;
  /** The existing file system that the metadata name; undefined for a new one. */
  readonly existing: FileSystemRecord | undefined;
  /** Id and parent directory for a new file system. */
  readonly newFileSystemId: string;
  readonly restorePath: string;
  /** What an earlier call of the same job decided. */
  readonly marker: RestoreMarker | undefined;
}

/** Decides where a restore goes (RST-91, RST-94, RST-95); a job that was begun keeps its earlier decision. */
export function planRestore(input: RestorePlanInput): RestorePlan {
  const { metadata, marker } = input;
  const items = metadata.items === undefined ? undefined : withoutNested(metadata.items);
  if (marker !== undefined) {
    const { jobId, fileSystemId, fileSystemPath, isNewFileSystem, recoveryDirectory } = marker;
    const where = { jobId, fileSystemId, fileSystemPath, isNewFileSystem, recoveryDirectory };
    return { ...where, items, isResumed: true, isOverExisting: true };
  }
  const { existing } = input;
  return {
    jobId: input.jobId,
    fileSystemId: existing?.id ?? input.newFileSystemId,
    fileSystemPath: existing?.path ?? join(input.restorePath, input.newFileSystemId),
    isNewFileSystem: existing === undefined,
    recoveryDirectory: metadata.isInPlace ? undefined : input.recoveryDirectory,
    items,
    isResumed: false,
    isOverExisting: metadata.isInPlace,
  };
}

/** `aws-backup-restore_<datetime>`: the time of the request in UTC, in characters that every file system takes. */
export function recoveryDirectoryName(startedAt: number): string {
  return `aws-backup-restore_${new Date(startedAt).toISOString().replace(/[:.]/g, '-')}`;
}

/** Sorts items into path order and drops those that lie within another one. */
export function withoutNested(items: readonly ItemPath[]): readonly ItemPath[] {
  const sorted = items
    .map((path) => ({ path, names: namesFromPath(path) }))
    .sort((a, b) => compareNames(a.names, b.names));
  const kept: typeof sorted = [];
  for (const item of sorted) {
    const last = kept.at(-1);
    const isWithin = last?.names.every((name, index) => item.names[index] === name) ?? false;
    if (!isWithin) kept.push(item);
  }
  return kept.map((item) => item.path);
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  for (const [index, name] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (name !== other) return name < other ? -1 : 1;
  }
  return a.length - b.length;
}
