import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { runChild } from './run-child.ts';

/** A user of the operating system, as child processes are given one. */
export interface UserIdentity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Looks a user up where the system does (files, LDAP).
 * @throws ConnectorError `invalid-request` when there is none
 */
export async function identityOf(user: string): Promise<UserIdentity> {
  const [uid, gid] = await Promise.all([idOf(user, '-u'), idOf(user, '-g')]);
  return { uid, gid };
}

async function idOf(user: string, flag: '-u' | '-g'): Promise<number> {
  const { code, stdout, stderr } = await runChild('id', [flag, '--', user]);
  if (code === 0) return Number(stdout);
  throw new ConnectorError('invalid-request', `There is no user '${user}' on this machine: ${stderr.trim()}.`, {
    hint: "Name another one with the setting 'runAs'.",
  });
}
