import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from './server.ts';

/**
 * Writes the connection's options where only this user can read them, for the vendor's programs: passwords never stand
 * on a command line or in an environment. The directory is private and is removed by its owner.
 * @returns the arguments that make a program read this file and no other
 */
export async function writeOptionFile(server: Server, directory: string): Promise<readonly string[]> {
  const { address, settings } = server;
  const password = await server.password();
  const lines = [
    '[client]',
    `user=${quoted(settings.user)}`,
    ...(password === undefined ? [] : [`password=${quoted(password)}`]),
    ...('socketPath' in address
      ? [`socket=${quoted(address.socketPath)}`, 'protocol=socket']
      : [`host=${quoted(address.host)}`, `port=${address.port}`, 'protocol=tcp']),
    ...tlsLines(server),
  ];
  const file = join(directory, 'client.cnf');
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [`--defaults-file=${file}`];
}

function tlsLines({ address, settings }: Server): string[] {
  if (settings.tls === 'disable' || 'socketPath' in address) return [];
  return [
    'ssl',
    ...(settings.tls === 'verify' ? ['ssl-verify-server-cert'] : []),
    ...(settings.tlsCaFile === undefined ? [] : [`ssl-ca=${quoted(settings.tlsCaFile)}`]),
  ];
}

/** Option files know the escapes of C within quotes; everything else there is itself. */
function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped}"`;
}
