import type { Flavour } from './flavour.ts';
import { parseRestoreMetadata, restoreFieldsOf } from './restore-metadata.ts';

/** What the descriptors of all databases that are restored as instances of this machine have in common. */
export function descriptorPartsOf(flavour: Flavour) {
  return {
    resourceTypes: [flavour.resourceType],
    abilities: { incremental: true, itemLevelRestore: false, continuous: 'log' },
    restoreFields: restoreFieldsOf(flavour),
    validateRestoreMetadata: (metadata: Readonly<Record<string, string>>) =>
      void parseRestoreMetadata(flavour, metadata),
    restoreTime: (metadata: Readonly<Record<string, string>>) => parseRestoreMetadata(flavour, metadata).restoreTime,
  } as const;
}
