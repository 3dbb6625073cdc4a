export * from './connector.ts';
export { ConnectorError, type ConnectorErrorClass } from './connector-error.ts';
