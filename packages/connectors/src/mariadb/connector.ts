import { descriptorPartsOf } from '../restored-instances/descriptor-parts.ts';
import type { ConnectorDescriptor } from '../sdk/v1/connector.ts';
import {
  type AuroraMysqlSettings,
  addressOf,
  auroraMysqlSettings,
  type MariadbSettings,
  mariadbSettings,
  memberAddress,
} from './config.ts';
import { AURORA_MYSQL, RDS_MARIADB } from './flavours.ts';

/** A MariaDB or MySQL server, in the role of an RDS DB instance. */
export const mariadbConnector: ConnectorDescriptor<MariadbSettings> = {
  kind: 'mariadb',
  title: 'MariaDB or MySQL server (as an RDS DB instance)',
  ...descriptorPartsOf(RDS_MARIADB),
  settings: mariadbSettings,
  async open({ settings, ...source }, context) {
    const { host, port, ...common } = settings;
    // Loaded when a source is opened: processes that only describe connectors start without the driver.
    const { openInstances } = await import('./open-instances.ts');
    return openInstances(RDS_MARIADB, { ...source, settings: common }, [addressOf({ host, port })], context);
  },
};

/** A MariaDB or MySQL primary with its replicas, in the role of an Aurora DB cluster. */
export const auroraMysqlConnector: ConnectorDescriptor<AuroraMysqlSettings> = {
  kind: 'aurora-mysql',
  title: 'MariaDB or MySQL primary with replicas (as an Aurora DB cluster)',
  ...descriptorPartsOf(AURORA_MYSQL),
  settings: auroraMysqlSettings,
  async open({ settings, ...source }, context) {
    const { members, ...common } = settings;
    // Loaded when a source is opened: processes that only describe connectors start without the driver.
    const { openInstances } = await import('./open-instances.ts');
    return openInstances(AURORA_MYSQL, { ...source, settings: common }, members.map(memberAddress), context);
  },
};
