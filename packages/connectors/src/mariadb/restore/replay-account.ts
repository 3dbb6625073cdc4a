import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { socketPathOf } from './instance-files.ts';

const NAME = "'holdfast-restore'@'localhost'";

/** An account of a server that nobody else uses, which exists from its start to the end of the replay. */
export interface ReplayAccount {
  /** What the server runs when it starts. */
  readonly initFile: string;
  /** The arguments that let the client in. */
  readonly connection: readonly string[];
  /** The last statement of the replay: the account leaves nothing behind. */
  readonly farewell: string;
  /** Removes the files with its password. */
  forget(): Promise<void>;
}

/** Accounts of the source may have any rights and unknown passwords; this one may do what the log asks for. */
export async function makeReplayAccount(directory: string, identity: UserIdentity | undefined): Promise<ReplayAccount> {
  const place = join(directory, 'replay');
  await mkdir(place, { mode: 0o700 });
  // Symbols, digits and both cases, for servers that ask for them; it lives for minutes.
  const password = `Aa0-${randomBytes(24).toString('base64url')}`;
  const initFile = join(place, 'account.sql');
  const create = [
    `CREATE USER ${NAME} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${NAME} WITH GRANT OPTION;`,
  ];
  await writeFile(initFile, `${create.join('\n')}\n`, { mode: 0o600 });
  const optionFile = join(place, 'client.cnf');
  const client = ['[client]', 'user=holdfast-restore', `password=${password}`, `socket=${socketPathOf(directory)}`];
  await writeFile(optionFile, `${client.join('\n')}\n`, { mode: 0o600 });
  if (identity !== undefined) {
    await chown(place, identity.uid, identity.gid);
    await chown(initFile, identity.uid, identity.gid);
  }
  return {
    initFile,
    connection: [`--defaults-file=${optionFile}`],
    farewell: `\nDELIMITER ;\nDROP USER ${NAME};\n`,
    forget: () => rm(place, { recursive: true, force: true }),
  };
}
