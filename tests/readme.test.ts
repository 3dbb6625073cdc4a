import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot, runProgram, startHoldfast } from './support/running-server.ts';

/** The shell block that follows the given marker in the README. */
function block(marker: string): string {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  const from = readme.indexOf(`<!-- ${marker}`);
  const start = readme.indexOf('```sh\n', from) + '```sh\n'.length;
  assert.ok(from >= 0 && start > from, `the README has no block ${marker}`);
  return readme.slice(start, readme.indexOf('```', start));
}

test('the first backup and restore of the README works line by line', async (t) => {
  const server = await startHoldfast(t);
  const lines = block('first-backup').replaceAll('/tmp/', `${server.directory}/`);
  const result = await runProgram('bash', ['-euxc', lines], { env: server.env, cwd: repositoryRoot });
  assert.equal(result.code, 0, `${result.stdout}\n${result.stderr}`);
  assert.match(result.stdout, /COMPLETED/);
});
