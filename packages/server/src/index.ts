/** Composition root: builds every part of Holdfast from the configuration and joins them. */
export { type RecoveredVault, type RecoveryReport, recover } from './recover.ts';
export { serviceCoverage } from './service-coverage.ts';
export { type RunningServer, startServer } from './start-server.ts';
export { type RunningWorker, startWorker } from './start-worker.ts';
export { validateRegionStore } from './validate-region-store.ts';
