import type { Connector, ConnectorContext, SourceConfiguration } from '../sdk/v1/connector.ts';
import { parseResourceArn } from '../sdk/v1/resource-arn.ts';
import { Buckets } from './buckets.ts';
import { openCapture } from './capture.ts';
import { decodeState } from './capture-state.ts';
import { checkSource } from './check.ts';
import type { S3Settings } from './config.ts';
import { realSurroundings, S3Connection, type Surroundings } from './connection.ts';
import { endHints } from './notifications/change-hints.ts';
import { planRemoval, removeRestored } from './remove-restored.ts';
import { restoreBucket } from './restore.ts';

/** Opens the buckets of one endpoint. */
export async function openSource(
  source: SourceConfiguration<S3Settings>,
  context: ConnectorContext,
  surroundings: Surroundings = realSurroundings,
): Promise<Connector> {
  const connection = await S3Connection.open(source, surroundings);
  const buckets = new Buckets(connection, source, context);
  const dependencies = { connection, buckets, settings: source.settings, context };
  return {
    check: (signal) => checkSource(dependencies, signal),
    discover: (signal) => buckets.discover(signal),
    openBackup: (request) => openCapture(dependencies, request),
    async endVersionCapture(resourceArn, state, signal) {
      const bucket = parseResourceArn(resourceArn).resource;
      await endHints({ connection, settings: source.settings, context }, bucket, decodeState(state), signal);
    },
    restore: (request) => restoreBucket(dependencies, request),
    async deleteRestored(resourceArn, signal) {
      await removeRestored(connection, buckets, await planRemoval(buckets, resourceArn, signal), signal);
    },
    async [Symbol.asyncDispose]() {
      connection[Symbol.dispose]();
    },
  };
}
