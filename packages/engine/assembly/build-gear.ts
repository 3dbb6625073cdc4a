/** Rebuilds src/chunk/gear-module.ts from gear.ts: `node scripts/run.mjs packages/engine/assembly/build-gear.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileGear } from '../src/chunk/compile-gear.ts';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const binary = await compileGear(readFileSync(at('gear.ts'), 'utf8'));
writeFileSync(
  at('../src/chunk/gear-module.ts'),
  `/** Compiled from assembly/gear.ts by assembly/build-gear.ts; not edited by hand. */\n` +
    `export const GEAR_MODULE_BASE64 =\n  '${Buffer.from(binary).toString('base64')}';\n`,
);
