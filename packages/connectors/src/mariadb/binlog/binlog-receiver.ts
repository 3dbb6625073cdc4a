import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type StreamingChild, streamChild } from '../../child-process/streaming-child.ts';
import { tied } from '../../child-process/tied.ts';
import { programError } from '../errors.ts';

export interface BinlogReceiverOptions {
  /** The path of `mariadb-binlog` or `mysqlbinlog`. */
  readonly program: string;
  readonly connection: readonly string[];
  /** A private directory; files keep their names of the server. */
  readonly directory: string;
  /** As which replica it registers; no other replica of the server may have this number. */
  readonly serverId: number;
  readonly firstFile: string;
  readonly signal: AbortSignal;
}

/** The vendor's receiver: writes the server's binary log files, as they grow, into a directory. */
export class BinlogReceiver implements AsyncDisposable {
  readonly #options: BinlogReceiverOptions;
  readonly #child: StreamingChild;
  #endedWith: { readonly code: number | null } | undefined;

  static async start(options: BinlogReceiverOptions): Promise<BinlogReceiver> {
    const { program, connection, directory, serverId, firstFile, signal } = options;
    const [command, ...args] = await tied(program, [
      ...connection,
      '--read-from-remote-server',
      '--raw',
      '--stop-never',
      `--stop-never-slave-server-id=${serverId}`,
      `--result-file=${directory}/`,
      firstFile,
    ]);
    return new BinlogReceiver(options, streamChild(command, args, { signal }));
  }

  private constructor(options: BinlogReceiverOptions, child: StreamingChild) {
    this.#options = options;
    this.#child = child;
    this.#child.stdout.resume();
    this.#child.exit.then(
      (code) => {
        this.#endedWith = { code };
      },
      () => {
        this.#endedWith = { code: null };
      },
    );
  }

  pathOf(file: string): string {
    return join(this.#options.directory, file);
  }

  /** Bytes of a file that are here; 0 for one that has not begun. @throws ConnectorError when the receiver has ended */
  async sizeOf(file: string): Promise<number> {
    this.assertRunning();
    try {
      return (await stat(this.pathOf(file))).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
  }

  /** @throws ConnectorError with its words when the receiver has ended */
  assertRunning(): void {
    this.#options.signal.throwIfAborted();
    if (this.#endedWith === undefined) return;
    throw programError('the receiver of the binary log', 'The capture of the log ended', this.#child.stderr());
  }

  /** Removes files that lie before this one. */
  async forgetBefore(file: string): Promise<void> {
    const { directory } = this.#options;
    for (const name of await readdir(directory)) {
      if (isBefore(name, file)) await rm(join(directory, name), { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}

/** Files of one log differ in the number at the end only. */
export function isBefore(file: string, other: string): boolean {
  const [stem, number] = parts(file);
  const [otherStem, otherNumber] = parts(other);
  return stem === otherStem && number < otherNumber;
}

function parts(file: string): [stem: string, number: number] {
  const dot = file.lastIndexOf('.');
  return [file.slice(0, dot), Number(file.slice(dot + 1))];
}
