import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { EngineError } from '../engine-error.ts';
import { PayloadWorkers } from './payload-workers.ts';

const LISTENER = { onReport: () => undefined, onLost: () => undefined };

describe('payload threads', () => {
  test('are closed while they still load native code, without an abort of the process', async () => {
    const script = `
      const { PayloadWorkers } = await import(${JSON.stringify(new URL('./payload-workers.ts', import.meta.url).href)});
      for (let round = 0; round < 8; round += 1) {
        const workers = new PayloadWorkers(2, 1);
        workers.openReadSession({ onReport() {}, onLost() {} });
        await new Promise((resolve) => setTimeout(resolve, round * 15));
        await workers.close();
      }
      console.log('closed');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    assert.equal((await run).stdout, 'closed\n');
  });

  test('tell everybody who works when they are closed, and take no more work', async () => {
    const workers = new PayloadWorkers(1, 1);
    const lost: Error[] = [];
    await workers.openSession({ ...LISTENER, onLost: (error) => lost.push(error) });
    const refused = assert.rejects(workers.openSession(LISTENER), { code: 'closed' });
    await workers.close();
    assert.ok(lost[0] instanceof EngineError && lost[0].code === 'closed');
    await refused;
    assert.throws(() => workers.openReadSession(LISTENER), { code: 'closed' });
  });

  test('that nobody needed are closed at once', async () => {
    await new PayloadWorkers(2, 1).close();
  });
});
