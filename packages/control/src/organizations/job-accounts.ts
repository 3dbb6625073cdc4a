import { accessDenied } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';

/**
 * Whose jobs a list shows. `*` means the whole organisation for its management account and delegated administrators,
 * and the caller alone for everybody else; another account's ID is theirs to ask for only.
 * @throws ServiceError AccessDeniedException
 */
export async function jobAccounts(
  ports: ControlPorts,
  callerAccountId: string,
  asked: string | undefined,
): Promise<readonly string[]> {
  if (asked === undefined || asked === callerAccountId) return [callerAccountId];
  const membership = await ports.organization.membership(callerAccountId);
  const mayAsk = membership?.isManagementAccount === true || membership?.isDelegatedAdministrator === true;
  if (asked === '*') return mayAsk ? membership.accountIds : [callerAccountId];
  if (mayAsk && membership.accountIds.includes(asked)) return [asked];
  throw accessDenied(`Account ${callerAccountId} may not see the jobs of account ${asked}.`);
}
