import type { BackupHandler } from '../../action.ts';
import { invalidParameter, missingParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import {
  canonicalResourceType,
  MANAGEMENT_RESOURCE_TYPES,
  OPT_IN_RESOURCE_TYPES,
} from '../../resources/resource-types.ts';

/** UpdateRegionSettings (API2-176 to API2-178): types that are not named keep their setting; unknown ones are refused. */
export function updateRegionSettings(ports: ControlPorts): BackupHandler<'UpdateRegionSettings'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    if (input.ResourceTypeOptInPreference === undefined && input.ResourceTypeManagementPreference === undefined) {
      throw missingParameter('ResourceTypeOptInPreference');
    }
    const optIn = readMap(input.ResourceTypeOptInPreference, OPT_IN_RESOURCE_TYPES, 'ResourceTypeOptInPreference');
    const management = readMap(
      input.ResourceTypeManagementPreference,
      MANAGEMENT_RESOURCE_TYPES,
      'ResourceTypeManagementPreference',
    );
    await ports.stores.settings.mergeRegionSettings(scope, { optIn, management });
    ports.emit({ kind: 'region-settings-changed', at: ports.clock.now(), scope, optIn });
    return {};
  };
}

function readMap(
  given: Readonly<Record<string, boolean>> | undefined,
  known: readonly string[],
  member: string,
): Record<string, boolean> {
  const read: Record<string, boolean> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    const type = canonicalResourceType(name);
    if (!known.includes(type)) {
      throw invalidParameter(`"${name}" is not a resource type of ${member}. It knows: ${known.join(', ')}.`, member);
    }
    read[type] = value;
  }
  return read;
}
