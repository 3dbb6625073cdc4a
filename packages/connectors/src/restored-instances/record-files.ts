import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

/**
 * Small records of one kind, each in a file of its own, so that workers which share the directory never write the same
 * file; a crash leaves the old record or the new one.
 */
export class RecordFiles<Record extends object> {
  readonly #directory: string;
  readonly #schema: z.ZodType<Record>;

  constructor(directory: string, schema: z.ZodType<Record>) {
    this.#directory = directory;
    this.#schema = schema;
  }

  async list(): Promise<Record[]> {
    const names = (await this.#names()).filter((name) => name.endsWith('.json')).sort();
    const records = await Promise.all(names.map((name) => this.#read(join(this.#directory, name))));
    return records.filter((record) => record !== undefined);
  }

  get(key: string): Promise<Record | undefined> {
    return this.#read(this.#fileOf(key));
  }

  async put(key: string, record: Record): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = this.#fileOf(key);
    const temporary = `${file}.${process.pid}.tmp`;
    await using handle = await open(temporary, 'w', 0o600);
    await handle.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    await handle.sync();
    await rename(temporary, file);
    await using directory = await open(this.#directory, 'r');
    await directory.sync();
  }

  remove(key: string): Promise<void> {
    return rm(this.#fileOf(key), { force: true });
  }

  /** Any text may be a key: its hash is a safe file name. */
  #fileOf(key: string): string {
    const name = /^[a-z0-9-]{1,63}$/.test(key) ? key : createHash('sha256').update(key).digest('hex').slice(0, 40);
    return join(this.#directory, `${name}.json`);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#directory);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #read(file: string): Promise<Record | undefined> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return this.#schema.parse(JSON.parse(text));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
