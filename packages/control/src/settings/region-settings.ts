import type { ControlPorts } from '../ports.ts';
import { MANAGEMENT_RESOURCE_TYPES, OPT_IN_RESOURCE_TYPES } from '../resources/resource-types.ts';
import type { Scope } from '../scope.ts';
import type { RegionSettingsRecord } from './settings-store.ts';

/** Types of one ARN namespace: opting in to one opts in to all when a resource is looked at (CORE-60). */
const OPT_IN_GROUPS: readonly (readonly string[])[] = [['RDS', 'Aurora', 'Neptune', 'DocumentDB']];

/** The whole maps as DescribeRegionSettings answers them: what was set, and "on" for every other type of AWS's list. */
export async function regionSettings(
  ports: { readonly stores: Pick<ControlPorts['stores'], 'settings'> },
  scope: Scope,
): Promise<RegionSettingsRecord> {
  const stored = await ports.stores.settings.getRegionSettings(scope);
  return {
    optIn: complete(OPT_IN_RESOURCE_TYPES, stored?.optIn),
    management: complete(MANAGEMENT_RESOURCE_TYPES, stored?.management),
  };
}

function complete(types: readonly string[], stored: Readonly<Record<string, boolean>> = {}): Record<string, boolean> {
  return Object.fromEntries(types.map((type) => [type, stored[type] ?? true]));
}

/** Whether the scope's opt-in settings allow the type; types that AWS's map does not know are always allowed. */
export function isOptedIn(settings: RegionSettingsRecord, resourceType: string): boolean {
  const group = OPT_IN_GROUPS.find((types) => types.includes(resourceType)) ?? [resourceType];
  return group.some((type) => settings.optIn[type] ?? true);
}
