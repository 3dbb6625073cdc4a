export { ConnectorError } from './sdk/v1/connector-error.ts';
