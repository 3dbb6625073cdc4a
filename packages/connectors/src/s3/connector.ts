import type { Connector, ConnectorContext, ConnectorDescriptor, SourceConfiguration } from '../sdk/v1/connector.ts';
import { Buckets } from './buckets.ts';
import { openCapture } from './capture.ts';
import { checkSource } from './check.ts';
import { type S3Settings, s3Settings } from './config.ts';
import { realSurroundings, S3Connection, type Surroundings } from './connection.ts';
import { planRemoval, removeRestored } from './remove-restored.ts';
import { restoreBucket } from './restore.ts';
import { parseRestoreMetadata, restoreFields, restoreTime } from './restore-metadata.ts';

/** The buckets of an S3-compatible object store. */
export const s3Connector: ConnectorDescriptor<S3Settings> = s3ConnectorIn(realSurroundings);

/** The connector with a given clock and chance for its requests; tests put their own beneath. */
export function s3ConnectorIn(surroundings: Surroundings): ConnectorDescriptor<S3Settings> {
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
    open: (source, context) => openSource(surroundings, source, context),
  };
}

async function openSource(
  surroundings: Surroundings,
  source: SourceConfiguration<S3Settings>,
  context: ConnectorContext,
): Promise<Connector> {
  const connection = await S3Connection.open(source, surroundings);
  const buckets = new Buckets(connection, source, context);
  const dependencies = { connection, buckets, settings: source.settings, context };
  return {
    check: (signal) => checkSource(dependencies, signal),
    discover: (signal) => buckets.discover(signal),
    openBackup: (request) => openCapture(dependencies, request),
    restore: (request) => restoreBucket(dependencies, request),
    async deleteRestored(resourceArn, signal) {
      await removeRestored(connection, buckets, await planRemoval(buckets, resourceArn, signal), signal);
    },
    async [Symbol.asyncDispose]() {
      connection[Symbol.dispose]();
    },
  };
}
