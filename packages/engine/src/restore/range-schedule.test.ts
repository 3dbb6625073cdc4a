import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlacedExtent } from '../extent/map-reader.ts';
import { type PlannedFile, planFrames, planRanges } from './file-plan.ts';
import { planUnits, RangeSchedule } from './range-schedule.ts';

const LIMITS = { gapBytes: 0, rangeBytes: 300, plainBytes: 1000 };
const CHUNK = 100;

/** A file whose chunks lie at the given places of packs, for example `a0 a1 b0`; a dot is a hole. */
function fileAt(places: string): PlannedFile {
  const extents = places.split(' ').map((place, index): PlacedExtent => {
    const at = index * CHUNK;
    if (place === '.') return { at, length: CHUNK, chunk: undefined, chunkOffset: 0 };
    const [packId = '', slot = ''] = place;
    const chunkId = Buffer.from(place);
    const chunk = { packId, chunkId, offset: Number(slot) * CHUNK, frameBytes: CHUNK, plainBytes: CHUNK };
    return { at, length: CHUNK, chunk, chunkOffset: 0 };
  });
  const path = Buffer.from(places);
  return { item: path, path, sizeBytes: extents.length * CHUNK, content: { form: 'none' }, extents };
}

/** Files of four chunks and more are large here. */
function unitsOf(files: readonly PlannedFile[], isPresent = (_file: number, _extent: number): boolean => false) {
  const isAlone = (file: number) => (files[file]?.extents.length ?? 0) >= 4;
  const ranges = planRanges(planFrames(files, isPresent), LIMITS, isAlone);
  return planUnits(ranges, files, isAlone);
}

function textOf(units: ReturnType<typeof unitsOf>): string[] {
  return units.map(({ file, ranges, isInOrder }) => {
    const text = ranges.map(({ packId, offset, length }) => `${packId}${offset / CHUNK}+${length / CHUNK}`).join(' ');
    return `${file ?? 'shared'}: ${text}${isInOrder ? ', in order' : ''}`;
  });
}

describe('the order of ranges', () => {
  test('large files have ranges of their own, by the order of their data whatever their packs are called', () => {
    const files = [fileAt('c0'), fileAt('c1 c2 . a0 a1 b5'), fileAt('c3 c4'), fileAt('c5')];
    assert.deepEqual(textOf(unitsOf(files)), ['shared: c0+1', 'shared: c3+3', '1: c1+2 a0+2 b5+1, in order']);
  });

  test('data that repeats, is shared, or is there already does not come in order', () => {
    assert.deepEqual(textOf(unitsOf([fileAt('a0 a1 a2 a3 a0')])), ['0: a0+3 a3+1']);
    assert.deepEqual(textOf(unitsOf([fileAt('a0'), fileAt('a0 a1 a2 a3')])), ['shared: a0+1', '1: a1+3']);
    const isPresent = (_: number, extent: number): boolean => extent === 1;
    assert.deepEqual(textOf(unitsOf([fileAt('a0 a1 a2 a3')], isPresent)), ['0: a0+1 a2+2']);
  });

  test('a thread has one large file at a time, the other threads go on, and turns follow each other', async () => {
    const files = [fileAt('a0 a1 a2 a3 a4 a5 a6 a7'), fileAt('b0 b1 b2 b3 b4 b5 b6'), fileAt('c0'), fileAt('d0')];
    const schedule = new RangeSchedule(unitsOf(files), 2);
    const taken = [schedule.next(), schedule.next(), schedule.next(), schedule.next()];
    const places = taken.map((next) => `${next?.range.packId}${(next?.range.offset ?? 0) / CHUNK}`);
    // Shared ranges come first; then each thread begins a file, and goes on with its own.
    assert.deepEqual(places, ['c0', 'd0', 'a0', 'b0']);
    const [, , first, second] = taken;
    assert.deepEqual([first?.turn?.worker, second?.turn?.worker], [0, 1]);
    assert.deepEqual([schedule.workerOf(0), schedule.workerOf(1), schedule.workerOf(2)], [0, 1, undefined]);
    second?.end();
    const next = schedule.next();
    assert.equal(next?.range.packId, 'b', 'the thread with less to do goes on with its file');
    assert.equal(next?.turn?.worker, 1);
    await next?.turn?.come;
    const behind = schedule.next();
    assert.deepEqual([behind?.range.packId, behind?.range.offset], ['a', 3 * CHUNK]);
    let hasCome = false;
    const coming = behind?.turn?.come.then(() => {
      hasCome = true;
    });
    await new Promise(setImmediate);
    assert.equal(hasCome, false, 'the range before was not given to the thread yet');
    first?.turn?.pass();
    await coming;
  });

  test('whatever the threads do, every range is handed out once, and a failed one holds up nobody', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((pack) => fileAt([...'0123456789'].map((at) => pack + at).join(' ')));
    const schedule = new RangeSchedule(unitsOf(files), 3);
    const seen = new Map<string, number[]>();
    for (let next = schedule.next(); next !== undefined; next = schedule.next()) {
      await next.turn?.come;
      seen.set(next.range.packId, [...(seen.get(next.range.packId) ?? []), next.range.offset / CHUNK]);
      next.end();
    }
    assert.deepEqual([...seen.keys()].sort(), ['a', 'b', 'c', 'd', 'e']);
    for (const offsets of seen.values()) assert.deepEqual(offsets, [0, 3, 6, 9]);
  });
});
