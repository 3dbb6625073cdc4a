import type { ConnectorDescriptor } from '../sdk/v1/connector.ts';
import { type S3Settings, s3Settings } from './config.ts';
import type { Surroundings } from './connection.ts';
import { parseRestoreMetadata, restoreFields, restoreTime } from './restore-metadata.ts';

/** The buckets of an S3-compatible object store. */
export const s3Connector: ConnectorDescriptor<S3Settings> = s3ConnectorIn();

/** The connector with a given clock and chance for its requests; tests put their own beneath. */
export function s3ConnectorIn(surroundings?: Surroundings): ConnectorDescriptor<S3Settings> {
  return {
    kind: 's3',
    title: 'S3-compatible object store',
    resourceTypes: ['S3'],
    abilities: { incremental: true, itemLevelRestore: true, continuous: 'versions' },
    settings: s3Settings,
    restoreFields,
    validateRestoreMetadata(metadata) {
      parseRestoreMetadata(metadata);
    },
    restoreTime,
    async open(source, context) {
      // Loaded when a source is opened: processes that only describe connectors start without the driver.
      const { openSource } = await import('./open-source.ts');
      return openSource(source, context, surroundings);
    },
  };
}
