import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { adminCall, adminFetch } from '../admin-client.ts';
import type { Item } from '../admin-types.ts';
import { CommandError } from '../command-error.ts';
import { type ConnectionFlags, findConnection } from '../connection.ts';
import { formatBytes, ProgressLine, printJson, printLine, printTable } from '../output.ts';

/** Paths are accepted as people write them: `/a/b`, `a/b/`, `./a/b`. */
function itemPath(path: string): string {
  return path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
}

/** `holdfast ls`: a directory of a recovery point, or the one file that the path names. */
export async function list(
  globals: ConnectionFlags,
  recoveryPointArn: string,
  path: string,
  flags: { readonly json?: boolean },
): Promise<void> {
  const connection = await findConnection(globals);
  const items: Item[] = [];
  let nextToken: string | undefined;
  do {
    const page = await adminCall<{ Item?: Item; Items: readonly Item[]; NextToken?: string }>(connection, {
      method: 'GET',
      path: ['recovery-points', recoveryPointArn, 'items'],
      query: { path: itemPath(path), nextToken },
    });
    items.push(...(page.Item !== undefined && page.Item.Type !== 'directory' ? [page.Item] : page.Items));
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  if (flags.json) {
    printJson(items.map(presentItem));
    return;
  }
  printTable(
    ['TYPE', 'SIZE', 'MODIFIED', 'NAME'],
    items.map((item) => [
      item.Type,
      item.Type === 'directory' ? '-' : formatBytes(item.SizeInBytes),
      item.ModificationDate === undefined ? '-' : isoTime(item.ModificationDate),
      printable(item.LinkTarget === undefined ? item.Name : `${item.Name} -> ${item.LinkTarget}`),
    ]),
    'nothing in it',
  );
}

function presentItem(item: Item) {
  return {
    name: item.Name,
    path: item.Path,
    pathBase64: item.PathBase64,
    type: item.Type,
    sizeBytes: item.SizeInBytes,
    ...(item.ModificationDate === undefined ? {} : { modifiedAt: isoTime(item.ModificationDate) }),
    ...(item.Mode === undefined ? {} : { mode: item.Mode, uid: item.Uid, gid: item.Gid }),
    ...(item.LinkTarget === undefined ? {} : { linkTarget: item.LinkTarget }),
  };
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** A name from a backup may hold control characters that would act on the terminal. */
function printable(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal
  return name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** `holdfast get`: writes beside the target first, so that a broken transfer never leaves half a file under its name. */
export async function get(
  globals: ConnectionFlags,
  recoveryPointArn: string,
  path: string,
  flags: { readonly out: string; readonly force?: boolean; readonly json?: boolean },
): Promise<void> {
  const out = resolve(flags.out);
  const toStdout = flags.out === '-';
  if (!toStdout && existsSync(out) && flags.force !== true) {
    throw new CommandError(`${out} exists; give another --out, or --force to replace it`);
  }
  const connection = await findConnection(globals);
  const response = await adminFetch(connection, {
    method: 'GET',
    path: ['recovery-points', recoveryPointArn, 'content'],
    query: { path: itemPath(path) },
  });
  if (response.body === null) throw new CommandError('the server sent no content');
  const expected = Number(response.headers.get('x-holdfast-size') ?? Number.NaN);
  const counted = countBytes(response.body, expected);
  if (toStdout) {
    await pipeline(Readable.from(counted.bytes), process.stdout, { end: false });
    return;
  }
  const partial = `${out}.partial`;
  try {
    await pipeline(Readable.from(counted.bytes), createWriteStream(partial));
    if (!Number.isNaN(expected) && counted.total() !== expected) {
      throw new CommandError(`the transfer broke off after ${counted.total()} of ${expected} bytes; try again`);
    }
    renameSync(partial, out);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  if (flags.json) printJson({ path: itemPath(path), out, sizeBytes: counted.total() });
  else printLine(`${out}: ${formatBytes(counted.total())}`);
}

function countBytes(body: ReadableStream<Uint8Array>, expected: number) {
  let bytes = 0;
  const progress = new ProgressLine();
  async function* counting(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        progress.update(formatBytes(bytes), expected > 0 ? (100 * bytes) / expected : undefined);
        yield chunk;
      }
    } finally {
      progress.end();
    }
  }
  return { bytes: counting(), total: () => bytes };
}
