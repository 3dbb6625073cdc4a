import type { Flavour } from '../restored-instances/flavour.ts';

/** One server, in the role of an RDS DB instance. */
export const RDS_MARIADB: Flavour = {
  resourceType: 'RDS',
  arnPrefix: 'db:',
  word: 'DB instance',
  identifierKey: 'DBInstanceIdentifier',
  engine: 'mariadb',
  startsInstance: true,
};

/** A primary and its replicas, in the role of an Aurora cluster. */
export const AURORA_MYSQL: Flavour = {
  resourceType: 'Aurora',
  arnPrefix: 'cluster:',
  word: 'DB cluster',
  identifierKey: 'DBClusterIdentifier',
  engine: 'aurora-mysql',
  startsInstance: false,
};
