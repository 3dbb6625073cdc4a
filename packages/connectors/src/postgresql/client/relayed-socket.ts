import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { UserIdentity } from '../../child-process/identity-of.ts';

/** Joins its standard streams with a unix socket. Given as text: the other user need not be able to read our files. */
const RELAY = `
const socket = require('node:net').connect(process.argv[1]);
socket.once('connect', () => process.stderr.write('connected'));
socket.once('error', (error) => { process.stderr.write(error.code); process.exit(1); });
socket.once('close', () => process.exit(0));
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

/** A connection to a unix socket by way of a child process of another user; lives and dies with that process. */
export class RelayedSocket extends Duplex {
  readonly #identity: UserIdentity;
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;

  constructor(identity: UserIdentity) {
    super();
    this.#identity = identity;
  }

  /** The part of `net.Socket` that a PostgreSQL client calls. */
  connect(path: string): this {
    const child = spawn(process.execPath, ['-e', RELAY, path], {
      cwd: '/',
      env: {},
      stdio: ['pipe', 'pipe', 'pipe'],
      ...this.#identity,
    });
    this.#child = child;
    child.once('error', (error) => this.destroy(error));
    child.once('close', () => this.push(null));
    child.stdin.on('error', () => this.destroy());
    child.stdout.on('data', (part: Buffer) => {
      if (!this.push(part)) child.stdout.pause();
    });
    child.stderr.once('data', (word: Buffer) => {
      const said = word.toString();
      if (said === 'connected') this.emit('connect');
      else this.destroy(Object.assign(new Error(`${said} ${path}`), { code: said }));
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    this.#child?.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child?.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#child?.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child?.kill('SIGKILL');
    done(error);
  }
}
