import assert from 'node:assert/strict';
import { chmodSync, ftruncateSync, linkSync, mkdirSync, mkdtempSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { comparePaths } from '../sdk/v1/testing.ts';
import { isSafeName } from './item-paths.ts';
import type { Handle, PosixFiles } from './posix/posix-files.ts';
import { backUp, directoryFixture, removeDeepTree, restoredRoot, restoreFrom } from './testing/directory-fixture.ts';
import { assertSamePicture, treePicture } from './testing/tree-picture.ts';

type Thing =
  | {
      readonly kind: 'file';
      readonly parts: readonly (string | number)[];
      readonly mode: number;
      readonly time: bigint;
    }
  | { readonly kind: 'directory'; readonly mode: number; readonly time: bigint; readonly things: Things }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'fifo' | 'socket' }
  | { readonly kind: 'link'; readonly to: number };
type Things = readonly (readonly [name: string, thing: Thing])[];

const name = fc
  .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
  .filter(isSafeName);
/** Without root, its owner must be able to look at what the test has made. */
const OWNER = process.getuid?.() === 0 ? 0 : 0o700;
const mode = fc.integer({ min: 0, max: 0o7777 }).map((bits) => bits | OWNER);
const time = fc.bigInt({ min: -(2n ** 60n), max: 2n ** 62n });
/** Text to write, or how far to leave a hole. */
const parts = fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 200_000 })), { maxLength: 5 });

const { things } = fc.letrec<{ things: Things; thing: Thing }>((tie) => ({
  things: fc.uniqueArray(fc.tuple(name, tie('thing')), { maxLength: 6, selector: ([each]) => each }),
  thing: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('file' as const), parts, mode, time }),
    fc.record({ kind: fc.constant('symlink' as const), target: name }),
    fc.record({ kind: fc.constantFrom('fifo' as const, 'socket' as const) }),
    fc.record({ kind: fc.constant('link' as const), to: fc.nat(20) }),
    fc.record({ kind: fc.constant('directory' as const), mode, time, things: tie('things') }),
  ),
}));

it('any tree comes back as it was', async (t) => {
  const { directory, posix, context, open } = directoryFixture(t);
  await fc.assert(
    fc.asyncProperty(things, async (tree) => {
      const place = mkdtempSync(join(directory, 'run-'));
      const source = join(place, 'source');
      mkdirSync(source);
      const root = posix.files.openPath(source);
      build(posix.files, root, tree, []);
      posix.files.close(root);
      const before = treePicture(source, { files: posix.files });
      const connector = await open({ path: source, restorePath: join(place, 'restored') });
      const { point } = await backUp(connector);
      assert.equal(point.records.length, Object.keys(before).length);
      const { outcome, issues } = await restoreFrom(connector, context, point, { jobId: place });
      assert.deepEqual(issues, []);
      assertSamePicture(treePicture(restoredRoot(outcome), { files: posix.files }), before);
      await removeDeepTree(posix, place);
    }),
    { numRuns: 60 },
  );
});

it('paths compare as a walk meets them', () => {
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      (a, b) => {
        const expected = a.reduce((result, each, index) => {
          if (result !== 0) return result;
          const other = b[index];
          return other === undefined || each > other ? 1 : each < other ? -1 : 0;
        }, 0);
        const [left, right] = [a, b].map((names) => Buffer.from(names.join('/'), 'latin1'));
        assert.ok(left !== undefined && right !== undefined);
        assert.equal(comparePaths(left, right), expected === 0 && a.length < b.length ? -1 : expected);
      },
    ),
  );
});

/** Files made so far, for the links. */
type Made = { readonly handle: Handle; readonly name: string }[];

function build(files: PosixFiles, directory: Handle, tree: Things, made: Made): void {
  for (const [each, thing] of tree) buildThing(files, directory, each, thing, made);
}

function buildThing(files: PosixFiles, directory: Handle, each: string, thing: Thing, made: Made): void {
  const path = Buffer.from(`/proc/self/fd/${directory}/${each}`, 'latin1');
  switch (thing.kind) {
    case 'file':
      buildFile(files, directory, each, thing);
      made.push({ handle: directory, name: each });
      return;
    case 'directory': {
      files.makeDirectory(directory, each);
      const inside = files.openDirectory(directory, each);
      build(
        files,
        inside,
        thing.things,
        made.filter(({ handle }) => handle !== inside),
      );
      files.setMode(inside, thing.mode);
      files.setTimes(inside, undefined, thing.time);
      files.close(inside);
      return;
    }
    case 'symlink':
      symlinkSync(Buffer.from(thing.target, 'latin1'), path);
      return;
    case 'link': {
      const first = made[thing.to % Math.max(1, made.length)];
      if (first !== undefined) linkSync(Buffer.from(`/proc/self/fd/${first.handle}/${first.name}`, 'latin1'), path);
      return;
    }
    case 'fifo':
    case 'socket':
      files.makeNode(directory, each, thing.kind, { major: 0, minor: 0 });
      chmodSync(path, 0o640);
  }
}

function buildFile(files: PosixFiles, directory: Handle, each: string, thing: Thing & { kind: 'file' }): void {
  const handle = files.createFile(directory, each);
  let offset = 0;
  for (const part of thing.parts) {
    if (typeof part === 'string') offset += writeSync(handle, part, offset);
    else offset += part;
  }
  ftruncateSync(handle, offset);
  files.setMode(handle, thing.mode);
  files.setTimes(handle, undefined, thing.time);
  files.close(handle);
}
