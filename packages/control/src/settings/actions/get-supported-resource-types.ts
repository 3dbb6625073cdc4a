import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';

/** GetSupportedResourceTypes (API2-38, API2-39): the types for which this installation has a connector. */
export function getSupportedResourceTypes(ports: ControlPorts): BackupHandler<'GetSupportedResourceTypes'> {
  return async () => ({ ResourceTypes: [...ports.connectors.resourceTypes()].sort() });
}
