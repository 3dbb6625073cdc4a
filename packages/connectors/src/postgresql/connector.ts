import type { Flavour } from '../restored-instances/flavour.ts';
import { parseRestoreMetadata, restoreFieldsOf } from '../restored-instances/restore-metadata.ts';
import type { Connector, ConnectorContext, ConnectorDescriptor, SourceConfiguration } from '../sdk/v1/connector.ts';
import { openCapture } from './backup/capture.ts';
import { checkPostgresql } from './check.ts';
import {
  type Address,
  type AuroraPostgresqlSettings,
  auroraPostgresqlSettings,
  memberAddress,
  type PostgresqlSettings,
  postgresqlSettings,
  type ServerSettings,
} from './config.ts';
import { AURORA, RDS } from './flavour.ts';
import { Instances } from './instances.ts';
import { removeRestored } from './restore/remove-restored.ts';
import { restorePostgresql } from './restore/restore.ts';
import { endLogCapture, openLogCapture } from './wal/log-capture.ts';

/** A PostgreSQL server, in the role of an RDS DB instance. */
export const postgresqlConnector: ConnectorDescriptor<PostgresqlSettings> = {
  kind: 'postgresql',
  title: 'PostgreSQL server (as an RDS DB instance)',
  ...partsOf(RDS),
  settings: postgresqlSettings,
  async open({ settings, ...source }, context) {
    const { host, port, ...common } = settings;
    return openInstances(RDS, { ...source, settings: common }, [{ host, port }], context);
  },
};

/** A PostgreSQL primary with its replicas, in the role of an Aurora DB cluster. */
export const auroraPostgresqlConnector: ConnectorDescriptor<AuroraPostgresqlSettings> = {
  kind: 'aurora-postgresql',
  title: 'PostgreSQL primary with replicas (as an Aurora DB cluster)',
  ...partsOf(AURORA),
  settings: auroraPostgresqlSettings,
  async open({ settings, ...source }, context) {
    const { members, ...common } = settings;
    return openInstances(AURORA, { ...source, settings: common }, members.map(memberAddress), context);
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
  const instances = new Instances({ source, addresses, flavour, context });
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
