import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DirectorySync } from './directory-sync.ts';

function scripted() {
  const calls: { directory: string; finish(): void; fail(error: Error): void }[] = [];
  const sync = new DirectorySync(
    (directory) =>
      new Promise<void>((resolve, reject) => {
        calls.push({ directory, finish: resolve, fail: reject });
      }),
  );
  return { sync, calls };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('syncing directories', () => {
  test('is shared by those who ask together, and never joins a sync that began earlier', async () => {
    const { sync, calls } = scripted();
    const first = Promise.all([sync.sync('a'), sync.sync('a'), sync.sync('b')]);
    await turn();
    assert.deepEqual(
      calls.map(({ directory }) => directory),
      ['a', 'b'],
    );
    const second = Promise.all([sync.sync('a'), sync.sync('a')]);
    await turn();
    assert.equal(calls.length, 2, 'the second batch waits');
    calls[0]?.finish();
    calls[1]?.finish();
    await first;
    await turn();
    assert.equal(calls.length, 3);
    calls[2]?.finish();
    await second;
  });

  test('a failure reaches those who waited for it and nobody else', async () => {
    const { sync, calls } = scripted();
    const first = sync.sync('a');
    await turn();
    const second = sync.sync('a');
    calls[0]?.fail(new Error('the disk is gone'));
    await assert.rejects(first, /the disk is gone/);
    await turn();
    calls[1]?.finish();
    await second;
  });
});
