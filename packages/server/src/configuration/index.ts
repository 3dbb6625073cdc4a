/** Reading the configuration, without loading anything of the server: what commands need to start fast. */
export { StartupError } from '../startup-error.ts';
export {
  type ConfigurationFlags,
  dataDirectoryPath,
  type LoadedConfiguration,
  loadConfiguration,
} from './load-configuration.ts';
