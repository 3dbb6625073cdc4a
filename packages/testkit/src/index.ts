export { freePort } from './free-port.ts';
export { findProgram, requireProgram } from './requirements.ts';
export { type CephRgw, startCephRgw } from './services/ceph-rgw.ts';
export { type Fault, FaultProxy } from './services/fault-proxy.ts';
export { type MariadbServer, runSql, startMariadb } from './services/mariadb.ts';
export { type PostgresOptions, type PostgresServer, postgresBinDirectory, startPostgres } from './services/postgres.ts';
export { temporaryDirectory } from './temporary-directory.ts';
