/** Composition root: reads the configuration, builds every part of Holdfast and joins them. */
export {
  type ConfigurationFlags,
  dataDirectoryPath,
  type LoadedConfiguration,
  loadConfiguration,
} from './configuration/load-configuration.ts';
export { StartupError } from './startup-error.ts';
