/** The second reader against a damaged vault: what it returns is right, or it returns nothing. */
import assert from 'node:assert/strict';
import { unwrapWith } from '../second-reader/golden-archive.ts';
import { SealedVault } from '../second-reader/sealed-vault.ts';
import { contentsOf, type GoldenVault } from './golden-vault.ts';
import type { Tally } from './tally.ts';

/** @throws AssertionError when a content came back wrong, or an undamaged vault was refused */
export async function checkSecondReader(
  golden: GoldenVault,
  objects: ReadonlyMap<string, Buffer>,
  tally: Tally,
): Promise<void> {
  const names = [...objects.keys()];
  const vault = await SealedVault.open((name) => objects.get(name), names, unwrapWith(golden.keyFile)).catch(() =>
    tally.add('vaults refused'),
  );
  if (vault === undefined) return;
  for (const point of golden.points.filter((name) => objects.has(name))) {
    const expected = new Map(
      golden.contents.filter(({ pointObject }) => pointObject === point).map(({ path, bytes }) => [path, bytes]),
    );
    try {
      for (const { path, bytes } of contentsOf(vault, point)) {
        assert.ok(expected.get(path)?.equals(bytes), `${point} ${path ?? 'image'} came back different`);
        tally.add('contents read whole');
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      tally.add('recovery points refused');
    }
  }
}
