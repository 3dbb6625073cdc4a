import { directoryConnector } from './directory/connector.ts';
import { auroraMysqlConnector, mariadbConnector } from './mariadb/connector.ts';
import { auroraPostgresqlConnector, postgresqlConnector } from './postgresql/connector.ts';
import { s3Connector } from './s3/connector.ts';
import { type ConnectorRegistry, createConnectorRegistry } from './sdk/v1/connector-registry.ts';

export { directoryConnector } from './directory/connector.ts';
export { auroraMysqlConnector, mariadbConnector } from './mariadb/connector.ts';
export { auroraPostgresqlConnector, postgresqlConnector } from './postgresql/connector.ts';
export { s3Connector } from './s3/connector.ts';
export { ConnectorError } from './sdk/v1/connector-error.ts';

/** A registry of the connectors that come with Holdfast. */
export function builtInConnectors(): ConnectorRegistry {
  return createConnectorRegistry([
    directoryConnector,
    postgresqlConnector,
    auroraPostgresqlConnector,
    mariadbConnector,
    auroraMysqlConnector,
    s3Connector,
  ]);
}
