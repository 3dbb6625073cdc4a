import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { runChild } from '../../child-process/run-child.ts';
import { streamChild } from '../../child-process/streaming-child.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import type { RestoreRequest } from '../../sdk/v1/connector.ts';
import type { LogPlace } from '../binlog/base-position.ts';
import { programError } from '../errors.ts';

const HEAD_BYTES = 64 * 1024;
/** The root, the layer and the dump. */
const ITEMS = 3;
/** Where the only file of a logical backup lies in the recovery point. */
const DUMP_PATH = Buffer.from('00/00000001');

/** Makes an empty data directory of the product. */
export async function makeEmptyInstance(
  directory: string,
  options: {
    readonly product: 'MariaDB' | 'MySQL';
    /** `mariadb-install-db`, or MySQL's server, which does it itself. */
    readonly program: string;
    readonly identity: UserIdentity | undefined;
  },
  signal: AbortSignal,
): Promise<void> {
  const { product, program, identity } = options;
  const data = `--datadir=${dataDirectoryOf(directory)}`;
  const args =
    product === 'MariaDB'
      ? ['--no-defaults', data, '--auth-root-authentication-method=normal', '--skip-test-db']
      : ['--no-defaults', '--initialize-insecure', data];
  const { code, stdout, stderr } = await runChild(program, args, { identity, signal });
  if (code !== 0) throw programError(join(program), 'An empty instance could not be made', `${stdout}\n${stderr}`);
}

/** Feeds the dump to a server that nobody else uses; what the recovery point cannot deliver becomes an issue. */
export async function loadDump(
  options: { readonly clientProgram: string; readonly socketPath: string },
  request: RestoreRequest,
): Promise<{ readonly bytes: number; readonly isWhole: boolean }> {
  const { content, signal } = request;
  await using client = streamChild(
    options.clientProgram,
    ['--no-defaults', `--socket=${options.socketPath}`, '--user=root', '--binary-mode', '--batch'],
    { signal },
  );
  client.stdout.resume();
  let bytes = 0;
  let isWhole = true;
  async function* counted(): AsyncGenerator<Uint8Array> {
    request.progress({ bytes, items: 1, message: 'Loading the dump.' });
    try {
      for await (const part of content.read(DUMP_PATH)) {
        bytes += part.length;
        request.progress({ bytes, items: 2, message: 'Loading the dump.' });
        yield part;
      }
    } catch (error) {
      signal.throwIfAborted();
      isWhole = false;
      const message = error instanceof Error ? error.message : String(error);
      request.issue({ path: DUMP_PATH, code: 'unreadable', message, dataMissing: true });
    }
  }
  const piped = pipeline(Readable.from(counted()), client.stdin, { signal }).catch((error: unknown) => error);
  const code = await client.exit;
  signal.throwIfAborted();
  if (!isWhole) return { bytes, isWhole };
  if (code !== 0) throw programError('the server', 'The dump could not be loaded', client.stderr());
  const failure = await piped;
  if (failure !== undefined) throw failure;
  request.progress({ bytes, items: ITEMS, message: 'The dump is loaded.' });
  return { bytes, isWhole };
}

/** Where the binary log stood when the dump was consistent, as its beginning says; undefined when it does not. */
export async function positionOfDump(content: RestoreRequest['content']): Promise<LogPlace | undefined> {
  let head = '';
  for await (const part of content.read(DUMP_PATH, { offset: 0, length: HEAD_BYTES })) {
    head += Buffer.from(part).toString('latin1');
  }
  const [, file = '', offset] =
    /(?:MASTER|SOURCE)_LOG_FILE='([\w.-]+)', (?:MASTER|SOURCE)_LOG_POS=(\d+)/.exec(head) ?? [];
  return file === '' ? undefined : { file, offset: Number(offset) };
}
