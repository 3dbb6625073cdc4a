import type { Flavour } from '../restored-instances/flavour.ts';
import type { Connector, ConnectorContext, SourceConfiguration } from '../sdk/v1/connector.ts';
import { openCapture } from './backup/capture.ts';
import { checkPostgresql } from './check.ts';
import type { Address, ServerSettings } from './config.ts';
import { instancesOf } from './instances.ts';
import { removeRestored } from './restore/remove-restored.ts';
import { restorePostgresql } from './restore/restore.ts';
import { endLogCapture, openLogCapture } from './wal/log-capture.ts';

/** Opens one source: its own instance or cluster and those that restores made. */
export function openInstances(
  flavour: Flavour,
  source: SourceConfiguration<ServerSettings>,
  addresses: readonly Address[],
  context: ConnectorContext,
): Connector {
  const instances = instancesOf({ source, addresses, flavour, context });
  const place = { settings: source.settings, context };
  return {
    check: (signal) => checkPostgresql(instances.own, place, signal),
    discover: (signal) => instances.discover(signal),
    openBackup: async (request) =>
      openCapture({ instance: await instances.byArn(request.resourceArn), flavour, context }, request),
    openLogCapture: async (request) =>
      openLogCapture({ instance: await instances.byArn(request.resourceArn), context }, request),
    endLogCapture: async (resourceArn, signal) => endLogCapture(await instances.byArn(resourceArn), signal),
    restore: (request) => restorePostgresql({ instances, flavour, place }, request),
    deleteRestored: async (resourceArn, signal) =>
      removeRestored(instances.register, await instances.byArn(resourceArn), signal),
    async [Symbol.asyncDispose]() {
      // Nothing outlives a session or a capture: this connector holds no connection of its own.
    },
  };
}
