#!/usr/bin/env node
// The `holdfast` command under whichever Node started it: hands over to the Node version that the project brings.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageRoot = resolve(fileURLToPath(import.meta.url), '..', '..');
process.argv.splice(2, 0, join(packageRoot, 'src', 'main.ts'));
await import(join(packageRoot, '..', '..', 'scripts', 'run.mjs'));
