/** Composition root: builds every part of Holdfast from the configuration and joins them. */
export { serviceCoverage } from './service-coverage.ts';
export { type RunningServer, startServer } from './start-server.ts';
export { type RunningWorker, startWorker } from './start-worker.ts';
