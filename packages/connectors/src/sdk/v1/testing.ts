export type { ConnectorHarness, ConnectorScenario, NotApplicable } from './testing/connector-scenario.ts';
export { comparePaths, keyOf, MemoryRecoveryPoint } from './testing/memory-recovery-point.ts';
export { firstResource, runBackup } from './testing/run-backup.ts';
export { testConnector } from './testing/test-connector.ts';
export { testConnectorContext } from './testing/test-context.ts';
