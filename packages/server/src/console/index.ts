/** The console's server side, for the composition. */
export { buildConsoleIfStale, type ConsoleBuild, consolePackageDirectory } from './build-console.ts';
export { createConsoleRequestListener } from './console-listener.ts';
export type { ConsolePorts } from './console-ports.ts';
export { consolePasswordFile, ensureFirstConsolePassword } from './first-console-password.ts';
export { type OpenIdSettings, openIdConnect } from './open-id-connect.ts';
