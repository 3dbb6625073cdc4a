import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyEscrow, KeyIdentity } from './key-escrow.ts';
import type { KeyRecord } from './key-records.ts';

const ENDING = '.key.json';

/** Keeps one file per key in a directory, readable by its owner alone. The directory belongs into the operator's safe. */
export class FileKeyEscrow implements KeyEscrow {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(key: KeyRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const partial = join(this.#directory, `${randomUUID()}.partial`);
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(key, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, this.#path(key));
    await this.#syncDirectory();
  }

  async remove(key: KeyRecord): Promise<void> {
    await rm(this.#path(key), { force: true });
    await this.#syncDirectory();
  }

  async *keys(): AsyncGenerator<KeyRecord> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const name of (await readdir(this.#directory)).sort()) {
      if (!name.endsWith(ENDING)) continue;
      yield await readKeyFile(join(this.#directory, name));
    }
  }

  async get(key: KeyIdentity): Promise<KeyRecord | undefined> {
    const path = this.#path(key);
    return existsSync(path) ? await readKeyFile(path) : undefined;
  }

  #path({ accountId, region, keyId }: KeyIdentity): string {
    return join(this.#directory, `${accountId}.${region}.${keyId}${ENDING}`);
  }

  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

async function readKeyFile(path: string): Promise<KeyRecord> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as KeyRecord;
  } catch (error) {
    throw new Error(`The key file ${path} cannot be read; put back a good copy of it.`, { cause: error });
  }
}
