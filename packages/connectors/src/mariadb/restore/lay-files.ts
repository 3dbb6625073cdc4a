import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ItemRecord } from '@holdfast/engine';
import type { FileToWrite, RestoreRequest } from '../../sdk/v1/connector.ts';
import { fileNameOf, layerOf } from '../backup/base-items.ts';
import { layerDirectoryOf } from './instance-files.ts';

export interface LaidFiles {
  readonly bytes: number;
  readonly items: number;
  /** False when the recovery point could not deliver all content. */
  readonly isWhole: boolean;
}

/** Writes the files of a physical base below the instance's directory: each layer into a directory of its own. */
export async function layFiles(directory: string, request: RestoreRequest): Promise<LaidFiles> {
  const { content, signal } = request;
  const made = new Set<string>();
  let bytes = 0;
  let items = 0;
  let isWhole = true;
  async function* files(): AsyncGenerator<FileToWrite> {
    for await (const item of content.items()) {
      if (item.type !== 'file') {
        items += 1;
        continue;
      }
      const path = targetOf(directory, item);
      const parent = dirname(path);
      if (!made.has(parent)) await mkdir(parent, { recursive: true, mode: 0o700 });
      made.add(parent);
      await writeFile(path, '', { mode: 0o600 });
      yield { item: item.path, file: Buffer.from(path) };
    }
  }
  await content.writeFiles(files(), {
    signal,
    overExisting: false,
    done(_file, outcome) {
      bytes += outcome.bytes;
      items += 1;
      if (outcome.issue !== undefined) {
        request.issue(outcome.issue);
        if (outcome.issue.dataMissing) isWhole = false;
      }
      request.progress({ bytes, items, message: 'Writing the files of the base backup.' });
    },
  });
  signal.throwIfAborted();
  return { bytes, items, isWhole };
}

function targetOf(directory: string, item: ItemRecord): string {
  return join(layerDirectoryOf(directory, layerOf(item.path)), fileNameOf(item));
}
