import { descriptorPartsOf } from '../restored-instances/descriptor-parts.ts';
import type { ConnectorDescriptor } from '../sdk/v1/connector.ts';
import {
  type AuroraPostgresqlSettings,
  auroraPostgresqlSettings,
  memberAddress,
  type PostgresqlSettings,
  postgresqlSettings,
} from './config.ts';
import { AURORA, RDS } from './flavour.ts';

/** A PostgreSQL server, in the role of an RDS DB instance. */
export const postgresqlConnector: ConnectorDescriptor<PostgresqlSettings> = {
  kind: 'postgresql',
  title: 'PostgreSQL server (as an RDS DB instance)',
  ...descriptorPartsOf(RDS),
  settings: postgresqlSettings,
  async open({ settings, ...source }, context) {
    const { host, port, ...common } = settings;
    // Loaded when a source is opened: processes that only describe connectors start without the driver.
    const { openInstances } = await import('./open-instances.ts');
    return openInstances(RDS, { ...source, settings: common }, [{ host, port }], context);
  },
};

/** A PostgreSQL primary with its replicas, in the role of an Aurora DB cluster. */
export const auroraPostgresqlConnector: ConnectorDescriptor<AuroraPostgresqlSettings> = {
  kind: 'aurora-postgresql',
  title: 'PostgreSQL primary with replicas (as an Aurora DB cluster)',
  ...descriptorPartsOf(AURORA),
  settings: auroraPostgresqlSettings,
  async open({ settings, ...source }, context) {
    const { members, ...common } = settings;
    // Loaded when a source is opened: processes that only describe connectors start without the driver.
    const { openInstances } = await import('./open-instances.ts');
    return openInstances(AURORA, { ...source, settings: common }, members.map(memberAddress), context);
  },
};
