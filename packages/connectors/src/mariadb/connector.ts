import type { Flavour } from '../restored-instances/flavour.ts';
import { parseRestoreMetadata, restoreFieldsOf } from '../restored-instances/restore-metadata.ts';
import { BandwidthLimit } from '../sdk/bandwidth-limit.ts';
import type { Connector, ConnectorContext, ConnectorDescriptor, SourceConfiguration } from '../sdk/v1/connector.ts';
import { type OpenBackupOptions, openBackup } from './backup/open-backup.ts';
import { endLogCapture, openLogCapture } from './binlog/log-capture.ts';
import { checkMariadb } from './check.ts';
import {
  type Address,
  type AuroraMysqlSettings,
  addressOf,
  auroraMysqlSettings,
  type MariadbSettings,
  mariadbSettings,
  memberAddress,
  type ServerSettings,
} from './config.ts';
import { AURORA_MYSQL, RDS_MARIADB } from './flavours.ts';
import { Instances } from './instances.ts';
import { removeRestored, restoreMariadb } from './restore/restore.ts';

/** A MariaDB or MySQL server, in the role of an RDS DB instance. */
export const mariadbConnector: ConnectorDescriptor<MariadbSettings> = {
  kind: 'mariadb',
  title: 'MariaDB or MySQL server (as an RDS DB instance)',
  ...partsOf(RDS_MARIADB),
  settings: mariadbSettings,
  async open({ settings, ...source }, context) {
    const { host, port, ...common } = settings;
    return openInstances(RDS_MARIADB, { ...source, settings: common }, [addressOf({ host, port })], context);
  },
};

/** A MariaDB or MySQL primary with its replicas, in the role of an Aurora DB cluster. */
export const auroraMysqlConnector: ConnectorDescriptor<AuroraMysqlSettings> = {
  kind: 'aurora-mysql',
  title: 'MariaDB or MySQL primary with replicas (as an Aurora DB cluster)',
  ...partsOf(AURORA_MYSQL),
  settings: auroraMysqlSettings,
  async open({ settings, ...source }, context) {
    const { members, ...common } = settings;
    return openInstances(AURORA_MYSQL, { ...source, settings: common }, members.map(memberAddress), context);
  },
};

function partsOf(flavour: Flavour) {
  return {
    resourceTypes: [flavour.resourceType],
    abilities: { incremental: true, itemLevelRestore: false, continuous: 'log' },
    restoreFields: restoreFieldsOf(flavour),
    validateRestoreMetadata: (metadata: Readonly<Record<string, string>>) =>
      void parseRestoreMetadata(flavour, metadata),
    restoreTime: (metadata: Readonly<Record<string, string>>) => parseRestoreMetadata(flavour, metadata).restoreTime,
  } as const;
}

function openInstances(
  flavour: Flavour,
  source: SourceConfiguration<ServerSettings>,
  addresses: readonly Address[],
  context: ConnectorContext,
): Connector {
  const { settings } = source;
  const limit = limiter(settings.bandwidthLimitBytesPerSecond, () => context.now());
  const instances = new Instances({ source, addresses, flavour, context });
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
