import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ListBackupVaultsCommand } from '@aws-sdk/client-backup';
import { dataDirectoryPath, loadConfiguration } from '@holdfast/server/configuration';
import { backupClient, type ConnectionFlags, findConnection } from '../connection.ts';
import { formatBytes, printJson, printLine } from '../output.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `holdfast doctor`: looks at everything that commonly goes wrong, and says what to do. Exit code 1 when something is. */
export async function doctor(flags: ConnectionFlags & { readonly json?: boolean }): Promise<void> {
  const findings: Finding[] = [nodeVersion(), ...dataDirectory(flags), configuration(flags), ...(await server(flags))];
  if (flags.json) printJson(findings);
  else for (const { ok, what, detail } of findings) printLine(`${ok ? 'ok  ' : 'FAIL'}  ${what}: ${detail}`);
  if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
}

function nodeVersion(): Finding {
  return { what: 'Node', ok: Number(process.versions.node.split('.')[0]) >= 24, detail: process.version };
}

function dataDirectory(flags: ConnectionFlags): Finding[] {
  const data = dataDirectoryPath(flags, process.env);
  const what = 'data directory';
  if (!existsSync(data))
    return [{ what, ok: false, detail: `${data} does not exist yet; start the server with npm start` }];
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [{ what, ok: false, detail: `${data} cannot be read and written by this user` }];
  }
  const { bavail, bsize, blocks } = statfsSync(data);
  const free = bavail * bsize;
  return [
    { what, ok: true, detail: data },
    {
      what: 'free space',
      ok: bavail / blocks > 0.05,
      detail: `${formatBytes(free)} free${bavail / blocks > 0.05 ? '' : '; less than 5 %, backups will soon fail'}`,
    },
    keyPermissions(join(data, 'keys')),
  ];
}

function keyPermissions(keys: string): Finding {
  const what = 'key files';
  if (!existsSync(keys)) return { what, ok: false, detail: `${keys} is missing: without it the vaults cannot be read` };
  const isPrivate = (statSync(keys).mode & 0o077) === 0;
  return {
    what,
    ok: isPrivate,
    detail: isPrivate ? 'readable by the owner only' : `others may read ${keys}; chmod 700 it`,
  };
}

function configuration(flags: ConnectionFlags): Finding {
  const what = 'configuration';
  try {
    const { file } = loadConfiguration(flags.data === undefined ? {} : { data: flags.data }, process.env);
    return { what, ok: true, detail: file ?? 'defaults (no holdfast.yaml)' };
  } catch (error) {
    return { what, ok: false, detail: (error as Error).message };
  }
}

async function server(flags: ConnectionFlags): Promise<Finding[]> {
  try {
    const connection = await findConnection(flags);
    const { BackupVaultList = [] } = await backupClient(connection).send(new ListBackupVaultsCommand({}));
    return [{ what: 'server', ok: true, detail: `${connection.endpoint} answers, ${BackupVaultList.length} vaults` }];
  } catch (error) {
    return [{ what: 'server', ok: false, detail: (error as Error).message }];
  }
}
