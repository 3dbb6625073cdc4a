import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { regionSettings } from '../region-settings.ts';

/** DescribeRegionSettings (API-238 to API-241). */
export function describeRegionSettings(ports: ControlPorts): BackupHandler<'DescribeRegionSettings'> {
  return async (_input, context) => {
    const settings = await regionSettings(ports, context);
    return {
      ResourceTypeOptInPreference: { ...settings.optIn },
      ResourceTypeManagementPreference: { ...settings.management },
    };
  };
}
