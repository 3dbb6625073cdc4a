export { freePort } from './free-port.ts';
export { findProgram, requireProgram } from './requirements.ts';
export { temporaryDirectory } from './temporary-directory.ts';
