import type { BackupHandler } from '../../action.ts';
import { invalidParameter, invalidRequest, missingParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { DEFAULT_GLOBAL_SETTINGS } from '../global-settings.ts';

/** UpdateGlobalSettings (API2-169 to API2-171): only from the management account of an organisation. */
export function updateGlobalSettings(ports: ControlPorts): BackupHandler<'UpdateGlobalSettings'> {
  return async (input, context) => {
    const membership = await ports.organization.membership(context.accountId);
    if (membership?.isManagementAccount !== true) {
      throw invalidRequest(
        `Account ${context.accountId} is not the management account of an organization; only that may change global settings.`,
      );
    }
    if (input.GlobalSettings === undefined) throw missingParameter('GlobalSettings');
    const settings: Record<string, string> = {};
    for (const [key, value = ''] of Object.entries(input.GlobalSettings)) {
      if (!(key in DEFAULT_GLOBAL_SETTINGS))
        throw invalidParameter(`"${key}" is not a global setting.`, 'GlobalSettings');
      if (value !== 'true' && value !== 'false') {
        throw invalidParameter(`${key} must be "true" or "false", not "${value}".`, 'GlobalSettings');
      }
      settings[key] = value;
    }
    await ports.stores.settings.mergeGlobalSettings(membership.managementAccountId, {
      settings,
      updatedAt: ports.clock.now(),
    });
    return {};
  };
}
