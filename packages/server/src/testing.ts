/** For tests that want a whole server without processes of its own. */
export { type InProcessClientConfig, type InProcessServer, inProcessServer } from './testing/in-process-server.ts';
