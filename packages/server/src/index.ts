/** Composition root: reads the configuration, builds every part of Holdfast and joins them. */
export {
  type ConfigurationFlags,
  dataDirectoryPath,
  type LoadedConfiguration,
  loadConfiguration,
} from './configuration/load-configuration.ts';
export { serviceCoverage } from './service-coverage.ts';
export { type RunningServer, startServer } from './start-server.ts';
export { type RunningWorker, startWorker } from './start-worker.ts';
export { StartupError } from './startup-error.ts';
