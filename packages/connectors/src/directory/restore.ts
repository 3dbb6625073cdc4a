import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemPath, ItemRecord } from '@holdfast/engine';
import type { ConnectorContext, RecoveryPointContent, RestoreOutcome, RestoreRequest } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { directoryError, issue } from './errors.ts';
import type { FileSystemRecord } from './file-system-register.ts';
import { type FileSystems, resolved } from './file-systems.ts';
import { IssueLimit } from './issue-limit.ts';
import { bytesAsString, displayPath, namesFromPath, pathFromNames } from './item-paths.ts';
import { directoryKey } from './own-directories.ts';
import { errorCode } from './posix/posix-error.ts';
import type { Handle, PosixFiles } from './posix/posix-files.ts';
import { type DirectoryRestoreMetadata, parseRestoreMetadata } from './restore-metadata.ts';
import { planRestore, type RestorePlan, recoveryDirectoryName } from './restore-plan.ts';
import { TreeRestore } from './restore-tree.ts';

export interface RestoreDependencies {
  readonly files: PosixFiles;
  readonly fileSystems: FileSystems;
  readonly context: ConnectorContext;
}

/** Restores a recovery point into a new or an existing file system, as spec'd for EFS (RST-90 to RST-99). */
export async function restoreDirectory(
  dependencies: RestoreDependencies,
  request: RestoreRequest,
): Promise<RestoreOutcome> {
  const { files, fileSystems, context } = dependencies;
  request.signal.throwIfAborted();
  const metadata = parseRestoreMetadata(request.metadata);
  const existing = metadata.isNewFileSystem ? undefined : await existingTarget(fileSystems, metadata);
  const plan = planRestore({
    jobId: request.jobId,
    recoveryDirectory: await freeRecoveryDirectory(existing?.path, request.startedAt),
    metadata,
    existing,
    newFileSystemId: context.newId('fs-'),
    restorePath: await resolved(fileSystems.restorePath(context)),
    marker: await fileSystems.register.marker(request.jobId),
  });
  await assertSomethingToRestore(request.content, plan);
  context.log('info', 'restore planned', { ...plan, items: plan.items?.map(displayPath) });

  const record = await prepareFileSystem(dependencies, plan, request, metadata);
  const place = await restoreInto(files, fileSystems, plan, request);
  if (record === undefined) return outcomeOf(fileSystems.arnOf(plan.fileSystemId), place, metadata);
  const finished = { ...record, restored: { ...record.restored, finished: true } };
  await fileSystems.register.put(finished);
  await fileSystems.register.removeMarker(plan.jobId);
  const resource = await fileSystems.describe(finished);
  return { ...outcomeOf(resource.arn, place, metadata), resource };
}

async function existingTarget(fileSystems: FileSystems, metadata: DirectoryRestoreMetadata): Promise<FileSystemRecord> {
  const record = await fileSystems.byId(metadata.fileSystemId);
  return { ...record, path: await resolved(record.path) };
}

/** Two restores that were asked for in the same millisecond still get a directory each. */
async function freeRecoveryDirectory(root: string | undefined, startedAt: number): Promise<string> {
  const name = recoveryDirectoryName(startedAt);
  if (root === undefined) return name;
  for (let attempt = 1; ; attempt += 1) {
    const candidate = attempt === 1 ? name : `${name}-${attempt}`;
    if ((await directoryKey(join(root, candidate))) === undefined) return candidate;
  }
}

/** A restore of named items of which none exists would make an empty directory and look like a success. */
async function assertSomethingToRestore(content: RecoveryPointContent, plan: RestorePlan): Promise<void> {
  if (plan.items === undefined) return;
  for (const item of plan.items) {
    if ((await content.item(item)) !== undefined) return;
  }
  throw new ConnectorError('not-found', `The recovery point holds none of ${plan.items.map(displayPath).join(', ')}.`, {
    hint: "Paths begin at the root and case counts; see 'holdfast ls <recovery point>'.",
  });
}

type RestoredRecord = FileSystemRecord & { readonly restored: NonNullable<FileSystemRecord['restored']> };

/** Writes the plan down and makes the new file system that it names; an existing one must be there. */
async function prepareFileSystem(
  { fileSystems, context }: RestoreDependencies,
  plan: RestorePlan,
  request: RestoreRequest,
  metadata: DirectoryRestoreMetadata,
): Promise<RestoredRecord | undefined> {
  const { jobId, fileSystemId, fileSystemPath, isNewFileSystem, recoveryDirectory } = plan;
  await fileSystems.register.putMarker({
    jobId,
    fileSystemId,
    fileSystemPath,
    isNewFileSystem,
    ...(recoveryDirectory === undefined ? {} : { recoveryDirectory }),
  });
  if (!isNewFileSystem) return undefined;
  const inode = await makeFileSystem(plan);
  const record = {
    id: fileSystemId,
    name: `${fileSystems.own.name}-restored-${fileSystemId.slice(-6)}`,
    path: fileSystemPath,
    createdAt: context.now(),
    // Tags follow a restore of everything only (RST-36).
    tags: metadata.items === undefined ? { ...request.tags } : {},
    restored: { jobId, creationToken: metadata.creationToken, inode, finished: false },
  };
  await fileSystems.register.put(record);
  return record;
}

async function makeFileSystem(plan: RestorePlan): Promise<string> {
  const { fileSystemPath } = plan;
  try {
    await mkdir(join(fileSystemPath, '..'), { recursive: true, mode: 0o700 });
    await mkdir(fileSystemPath, { mode: 0o755 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || !plan.isResumed) throw directoryError('Cannot make', fileSystemPath, error);
  }
  return (await stat(fileSystemPath, { bigint: true })).ino.toString();
}

/** @returns the path into which the items went */
async function restoreInto(
  files: PosixFiles,
  fileSystems: FileSystems,
  plan: RestorePlan,
  request: RestoreRequest,
): Promise<string> {
  const issues = new IssueLimit(request.issue);
  const target = openTarget(files, plan);
  using tree = new TreeRestore(target.handle, {
    files,
    content: request.content,
    items: plan.items,
    isOverExisting: plan.isOverExisting,
    isResumed: plan.isResumed,
    signal: request.signal,
    report: (each) => issues.add(each),
    progress: request.progress,
  });
  await tree.run(selectedRecords(request.content, plan.items, (each) => issues.add(each)));
  issues.finish();
  if (!plan.isNewFileSystem) await fileSystems.register.removeMarker(plan.jobId);
  return target.path;
}

/** Opens the root of the file system and makes its recovery directory, which every restore has of its own (RST-95). */
function openTarget(files: PosixFiles, plan: RestorePlan): { readonly handle: Handle; readonly path: string } {
  const { fileSystemPath, recoveryDirectory } = plan;
  let root: Handle | undefined;
  try {
    root = files.openPath(fileSystemPath);
    if (recoveryDirectory === undefined) return { handle: root, path: fileSystemPath };
    makeRecoveryDirectory(files, root, recoveryDirectory, plan.isResumed);
    const handle = files.openDirectory(root, recoveryDirectory);
    dropInheritedAcls(files, handle);
    files.close(root);
    return { handle, path: join(fileSystemPath, recoveryDirectory) };
  } catch (error) {
    if (root !== undefined) files.close(root);
    throw directoryError('Cannot restore into', fileSystemPath, error);
  }
}

function makeRecoveryDirectory(files: PosixFiles, root: Handle, name: string, mayExist: boolean): void {
  try {
    files.makeDirectory(root, name);
  } catch (error) {
    if (!mayExist || errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Or everything restored below would inherit what the recovery point does not hold. */
function dropInheritedAcls(files: PosixFiles, handle: Handle): void {
  for (const { name } of files.attributesOf(handle)) {
    if (bytesAsString(name).startsWith('system.posix_acl_')) files.removeAttribute(handle, name);
  }
}

/** Everything, or the named items with the directories that lead to them, in path order. */
async function* selectedRecords(
  content: RecoveryPointContent,
  items: readonly ItemPath[] | undefined,
  report: IssueLimit['add'],
): AsyncGenerator<ItemRecord> {
  if (items === undefined) {
    yield* content.items();
    return;
  }
  for (const item of items) {
    if ((await content.item(item)) === undefined) {
      report(issue(item, 'not-in-recovery-point', 'the recovery point does not hold it', true));
      continue;
    }
    yield* ancestors(content, item);
    yield* content.items(item);
  }
}

async function* ancestors(content: RecoveryPointContent, item: ItemPath): AsyncGenerator<ItemRecord> {
  const names = namesFromPath(item);
  for (const [depth] of names.entries()) {
    const record = await content.item(pathFromNames(names.slice(0, depth)));
    if (record !== undefined) yield record;
  }
}

function outcomeOf(arn: string, place: string, metadata: DirectoryRestoreMetadata): RestoreOutcome {
  const { withoutEffect } = metadata;
  const remark = withoutEffect.length === 0 ? '' : ` Without effect on a directory: ${withoutEffect.join(', ')}.`;
  return { createdResourceArn: arn, message: `Restored into ${place}.${remark}` };
}
