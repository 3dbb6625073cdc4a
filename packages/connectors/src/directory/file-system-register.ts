import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from './posix/posix-error.ts';

const fileSystemRecord = z.object({
  id: z.string().regex(/^fs-[0-9a-f]{17}$/),
  name: z.string(),
  path: z.string(),
  createdAt: z.number(),
  tags: z.record(z.string(), z.string()),
  /** What the last stored backup found: an estimate that costs nothing. */
  lastBackup: z.object({ items: z.number(), bytes: z.number() }).optional(),
  /** Present for a file system that a restore made: what deleteRestored may remove. */
  restored: z
    .object({
      jobId: z.string(),
      creationToken: z.string(),
      /** Of the directory when it was made, so that nothing else at its path is ever removed. */
      inode: z.string(),
      finished: z.boolean(),
    })
    .optional(),
});

/** A file system of a source: the source's own directory, or one that a restore made. */
export type FileSystemRecord = z.infer<typeof fileSystemRecord>;

const restoreMarker = z.object({
  jobId: z.string(),
  fileSystemId: z.string(),
  fileSystemPath: z.string(),
  isNewFileSystem: z.boolean(),
  /** The name of the recovery directory; absent when the restore goes over the root itself. */
  recoveryDirectory: z.string().optional(),
});

/** What a restore job decided when it began; read by a second call with the same job id, which continues it. */
export type RestoreMarker = z.infer<typeof restoreMarker>;

/**
 * The connector's state: one small file for each file system and each restore that is not finished, so that workers
 * which share the directory never write the same file.
 */
export class FileSystemRegister {
  readonly #fileSystems: string;
  readonly #restores: string;

  constructor(stateDirectory: string) {
    this.#fileSystems = join(stateDirectory, 'file-systems');
    this.#restores = join(stateDirectory, 'restores');
  }

  async list(): Promise<FileSystemRecord[]> {
    const names = (await namesIn(this.#fileSystems)).filter((name) => name.endsWith('.json')).sort();
    const records = await Promise.all(names.map((name) => readRecord(join(this.#fileSystems, name), fileSystemRecord)));
    return records.filter((record) => record !== undefined);
  }

  get(id: string): Promise<FileSystemRecord | undefined> {
    return readRecord(this.#fileSystemFile(id), fileSystemRecord);
  }

  put(record: FileSystemRecord): Promise<void> {
    return writeRecord(this.#fileSystems, this.#fileSystemFile(record.id), record);
  }

  remove(id: string): Promise<void> {
    return rm(this.#fileSystemFile(id), { force: true });
  }

  marker(jobId: string): Promise<RestoreMarker | undefined> {
    return readRecord(this.#markerFile(jobId), restoreMarker);
  }

  putMarker(marker: RestoreMarker): Promise<void> {
    return writeRecord(this.#restores, this.#markerFile(marker.jobId), marker);
  }

  removeMarker(jobId: string): Promise<void> {
    return rm(this.#markerFile(jobId), { force: true });
  }

  /** Any text may come in as an id: its hash is a safe file name. */
  #fileSystemFile(id: string): string {
    return join(this.#fileSystems, `${/^fs-[0-9a-f]+$/.test(id) ? id : hashed(id)}.json`);
  }

  #markerFile(jobId: string): string {
    return join(this.#restores, `${hashed(jobId)}.json`);
  }
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readRecord<Record>(file: string, schema: z.ZodType<Record>): Promise<Record | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return schema.parse(JSON.parse(text));
}

/** Written beside and renamed, with both on disk before this returns: a crash leaves the old record or the new one. */
async function writeRecord(directory: string, file: string, record: object): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const parent = await open(directory, 'r');
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}
