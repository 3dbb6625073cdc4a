import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryRepository } from '../testing/memory-repository.ts';
import { ParentReader } from './parent-content.ts';

async function aRepository(): Promise<MemoryRepository> {
  const repository = new MemoryRepository('vault');
  const bytes = Buffer.from('what was');
  await repository.backupItems({
    recoveryPointId: 'first',
    retention: {},
    facts: {},
    entries: (async function* () {
      const content = { kind: 'inline' as const, bytes };
      yield { item: { path: Buffer.from('a'), type: 'object', sizeBytes: bytes.length, metadata: {}, content } };
    })(),
  });
  return repository;
}

test('the content of a parent is opened once, when it is first asked for, and closed with the session', async () => {
  const repository = await aRepository();
  let opened = 0;
  let closed = 0;
  const parent = new ParentReader(
    {
      openRecoveryPoint: async (id) => {
        opened += 1;
        const reader = await repository.openRecoveryPoint(id);
        return {
          ...reader,
          close: async () => {
            closed += 1;
          },
        };
      },
    },
    'first',
  );
  assert.equal(opened, 0);
  const paths: string[] = [];
  for await (const item of parent.items()) paths.push(Buffer.from(item.path).toString());
  const parts: Uint8Array[] = [];
  for await (const part of parent.read(Buffer.from('a'))) parts.push(part);
  assert.deepEqual([paths, Buffer.concat(parts).toString()], [['a'], 'what was']);
  assert.equal((await parent.item(Buffer.from('a')))?.sizeBytes, 8);
  await parent.close();
  assert.deepEqual([opened, closed], [1, 1]);
  await assert.rejects(parent.item(Buffer.from('a')), /after its session ended/);
});

test('a parent that cannot be opened says so to whoever asks, again and again, and closes all the same', async () => {
  const parent = new ParentReader(await aRepository(), 'gone');
  await assert.rejects(parent.item(Buffer.from('a')), /no recovery point gone/);
  await assert.rejects(parent.item(Buffer.from('a')), /no recovery point gone/);
  await parent.close();
});
