import type { BackupHandler } from '../../action.ts';
import { invalidRequest } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import type { ControlPorts } from '../../ports.ts';
import { DEFAULT_GLOBAL_SETTINGS } from '../global-settings.ts';

/** DescribeGlobalSettings (API-235 to API-237): an error outside of an organisation. */
export function describeGlobalSettings(ports: ControlPorts): BackupHandler<'DescribeGlobalSettings'> {
  return async (_input, context) => {
    const membership = await ports.organization.membership(context.accountId);
    if (membership === undefined) {
      throw invalidRequest(
        `Account ${context.accountId} is not a member of an organization; it has no global settings.`,
      );
    }
    const stored = await ports.stores.settings.getGlobalSettings(membership.managementAccountId);
    return {
      GlobalSettings: { ...DEFAULT_GLOBAL_SETTINGS, ...stored?.settings },
      LastUpdateTime: optionalDate(stored?.updatedAt),
    };
  };
}
