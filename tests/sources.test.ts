import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdfast, startHoldfast } from './support/running-server.ts';

test('a source is added, listed, checked and removed on the command line', async (t) => {
  const server = await startHoldfast(t);
  const path = join(server.directory, 'letters');
  mkdirSync(path);
  const run = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await holdfast(server, ['source', ...words]);
    assert.deepEqual([code, stderr], [0, '']);
    return stdout;
  };
  assert.match(await run('add', 'directory', 'letters', '--path', path), /source letters added/);
  assert.match(await run('list'), /letters +directory/);
  await run('check', 'letters');
  assert.match(await run('remove', 'letters'), /source letters removed; its recovery points stay/);
  assert.match(await run('list'), /no sources yet/);
});
