import type { Flavour } from '../restored-instances/flavour.ts';
import { BandwidthLimit } from '../sdk/bandwidth-limit.ts';
import type { Connector, ConnectorContext, SourceConfiguration } from '../sdk/v1/connector.ts';
import { type OpenBackupOptions, openBackup } from './backup/open-backup.ts';
import { endLogCapture, openLogCapture } from './binlog/log-capture.ts';
import { checkMariadb } from './check.ts';
import type { Address, ServerSettings } from './config.ts';
import { instancesOf } from './instances.ts';
import { removeRestored, restoreMariadb } from './restore/restore.ts';

/** Opens one source: its own instance or cluster and those that restores made. */
export function openInstances(
  flavour: Flavour,
  source: SourceConfiguration<ServerSettings>,
  addresses: readonly Address[],
  context: ConnectorContext,
): Connector {
  const { settings } = source;
  const limit = limiter(settings.bandwidthLimitBytesPerSecond, () => context.now());
  const instances = instancesOf({ source, addresses, flavour, context });
  return {
    check: (signal) => checkMariadb(instances.own, { settings, context }, signal),
    discover: (signal) => instances.discover(signal),
    openBackup: (request) => openBackup({ instances, context, limit }, request),
    openLogCapture: (request) => openLogCapture({ instances, context }, request),
    endLogCapture: async (resourceArn) => endLogCapture(context, (await instances.byArn(resourceArn)).identifier),
    restore: (request) => restoreMariadb({ instances, flavour, settings, context }, request),
    deleteRestored: async (resourceArn, signal) =>
      removeRestored(instances.register, await instances.byArn(resourceArn), signal),
    async [Symbol.asyncDispose]() {
      // Nothing outlives a session or a capture: this connector holds no connection of its own.
    },
  };
}

/** What reads a base of this source passes through one limit. */
function limiter(bytesPerSecond: number | undefined, now: () => number): OpenBackupOptions['limit'] {
  if (bytesPerSecond === undefined) return (source) => source;
  const bandwidth = new BandwidthLimit({ bytesPerSecond, now });
  return (source, signal) => bandwidth.limited(source, signal);
}
