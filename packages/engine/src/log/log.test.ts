import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { auditVault } from '../collect/audit-vault.ts';
import { executeCollection } from '../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../collect/plan-collection.ts';
import { copyRecoveryPoint } from '../copy/copy-point.ts';
import { EngineError } from '../engine-error.ts';
import { openBench } from '../testing/repository-bench.ts';
import { PayloadWorkers } from '../worker/payload-workers.ts';
import type { LogSegment } from './log-stream.ts';

const workers = new PayloadWorkers(2, 2);
after(() => workers.close());

/** Segment `number`: positions and times follow from it. */
function segment(number: number, content?: LogSegment['content']): LogSegment {
  const bytes = Buffer.from(`records of segment ${number} `.repeat(50 + number));
  return {
    from: `0/${number}`,
    to: `0/${number + 1}`,
    startAt: number * 1000,
    endAt: number * 1000 + 999,
    sizeBytes: bytes.length,
    content: content ?? { kind: 'inline', bytes },
  };
}

async function* listed(...segments: readonly LogSegment[]): AsyncGenerator<LogSegment> {
  yield* segments;
}

function request(segments: AsyncIterable<LogSegment>, keepFromAt = 0) {
  return { streamId: 'wal', retention: {}, facts: {}, segments, keepFromAt };
}

async function text(content: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('a log grows by appends over days, costs what is new, and forgets what is too old', async () => {
  const bench = await openBench({ workers });
  await bench.repository.appendLog(request(listed(segment(1), segment(2), segment(3))));
  const second = await bench.repository.appendLog(request(listed(segment(4)), 2500));
  assert.deepEqual([second.appended, second.dropped, second.issues], [1, 1, []]);
  const points = await bench.authority.recoveryPoints(bench.repository.vaultId, undefined, 10);
  assert.deepEqual(
    points.map((point) => point.recoveryPointId),
    [second.recoveryPointId],
    'older states are deleted',
  );
  const reader = await bench.repository.openLog('wal');
  assert.deepEqual(await reader.window(), { earliestAt: 2000, latestAt: 4999, gaps: [] });
  const sequences: number[] = [];
  for await (const { sequence } of reader.segments({ fromAt: 3500, untilAt: 4100 })) sequences.push(sequence);
  assert.deepEqual(sequences, [3, 4]);
  assert.equal(await text(reader.read(2)), 'records of segment 2 '.repeat(52));
  assert.equal(await text(reader.read(4)), 'records of segment 4 '.repeat(54));
  await assert.rejects(text(reader.read(1)), (error) => error instanceof EngineError && error.code === 'not-found');
  await reader.close();
  await bench.close();
});

test('what is missing between two segments is a gap in the window and an issue, within an append and between two', async () => {
  const bench = await openBench({ workers });
  const first = await bench.repository.appendLog(request(listed(segment(1), segment(3))));
  assert.deepEqual(
    first.issues.map(({ code, dataMissing }) => [code, dataMissing]),
    [['log-gap', true]],
  );
  await bench.repository.appendLog(request(listed(segment(5))));
  const reader = await bench.repository.openLog('wal');
  assert.deepEqual((await reader.window())?.gaps, [
    { fromAt: 1999, untilAt: 3000, after: '0/2', before: '0/3' },
    { fromAt: 3999, untilAt: 5000, after: '0/4', before: '0/5' },
  ]);
  await reader.close();
  await bench.close();
});

test('a segment that cannot be read is a gap for ever, never an empty segment', async () => {
  const bench = await openBench({ workers });
  const gone = { kind: 'local-file' as const, path: Buffer.from('/nonexistent/wal/000000010000000000000002') };
  const unreadable = {
    kind: 'stream' as const,
    open: async function* () {
      yield Buffer.alloc(10);
      throw new Error('the server closed the connection');
    },
  };
  const first = await bench.repository.appendLog(
    request(listed(segment(1), segment(2, unreadable), segment(3, gone), segment(4))),
  );
  assert.ok(first.issues.every(({ dataMissing }) => dataMissing));
  await bench.repository.appendLog(request(listed(segment(5))));
  const reader = await bench.repository.openLog('wal');
  assert.deepEqual((await reader.window())?.gaps, [{ fromAt: 1999, untilAt: 4000, after: '0/2', before: '0/4' }]);
  await reader.close();
  await bench.close();
});

test('times that go backwards and unknown streams are refused', async () => {
  const bench = await openBench({ workers });
  const byCode = (code: string) => (error: unknown) => error instanceof EngineError && error.code === code;
  await assert.rejects(bench.repository.openLog('wal'), byCode('not-found'));
  await assert.rejects(bench.repository.appendLog(request(listed(segment(5), segment(4)))), byCode('invalid-argument'));
  await assert.rejects(bench.repository.openLog('wal'), byCode('not-found'));
  await bench.close();
});

test('a vault that keeps logs is audited, collected and copied like any other', async () => {
  const source = await openBench({ workers });
  const target = await openBench({ workers });
  for (const number of [1, 2, 3]) await source.repository.appendLog(request(listed(segment(number)), 2000));
  const { parts } = source.repository;
  assert.deepEqual((await auditVault(parts)).findings, []);
  const options = { ...COLLECTION_DEFAULTS, graceMs: 0, repackBelow: 1 };
  await executeCollection(parts, await planCollection(parts, options), options);
  const [point] = await parts.authority.recoveryPoints(parts.vaultId, undefined, 10);
  const recoveryPointId = point?.recoveryPointId ?? '';
  await copyRecoveryPoint({ source: parts, target: target.repository.parts, recoveryPointId, retention: {} });
  assert.deepEqual((await auditVault(target.repository.parts)).findings, []);
  for (const { repository } of [source, target]) {
    await using reader = await repository.openLog('wal');
    assert.equal(await text(reader.read(3)), 'records of segment 3 '.repeat(53));
  }
  await source.close();
  await target.close();
});
