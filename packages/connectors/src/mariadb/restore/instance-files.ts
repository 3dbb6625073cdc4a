import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { dataDirectoryOf, serverLogOf } from '../../restored-instances/instance-directory.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';

/** A unix socket's whole path may have 107 characters. */
const LONGEST_SOCKET_PATH = 100;

export function socketPathOf(directory: string): string {
  return join(directory, 'server.sock');
}

export function optionFileOf(directory: string): string {
  return join(directory, 'server.cnf');
}

export function pidFileOf(directory: string): string {
  return join(directory, 'server.pid');
}

/** Where increments lie until they are applied. */
export function layerDirectoryOf(directory: string, layer: number): string {
  return layer === 0 ? dataDirectoryOf(directory) : join(directory, `increment-${layer}`);
}

/** Writes how the instance is started, for Holdfast and for people. */
export async function writeServerOptions(
  directory: string,
  options: { readonly port: number; readonly kept: readonly string[] },
): Promise<void> {
  const socket = socketPathOf(directory);
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new ConnectorError('invalid-request', `${socket} is too long for a unix socket.`, {
      hint: "Name a shorter place for restores with the setting 'restorePath'.",
    });
  }
  const lines = [
    '# Made by a restore of Holdfast. Start the instance with this file as --defaults-file.',
    '[mysqld]',
    `datadir=${dataDirectoryOf(directory)}`,
    `socket=${socket}`,
    `pid-file=${pidFileOf(directory)}`,
    `log-error=${serverLogOf(directory)}`,
    `port=${options.port}`,
    'bind-address=127.0.0.1',
    ...options.kept,
  ];
  await writeFile(optionFileOf(directory), `${lines.join('\n')}\n`, { mode: 0o644 });
}

/** Makes the instance's own directory, which its user owns and nobody else enters. */
export async function makeInstanceDirectory(directory: string, identity: UserIdentity | undefined): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (identity !== undefined) await chown(directory, identity.uid, identity.gid);
}
