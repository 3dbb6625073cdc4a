import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from './model.ts';
import { aScenario } from './scenario.ts';
import { World } from './world.ts';

/**
 * HOLDFAST_SIMULATION=<resources>:<years>:<seed> lives through a bigger world or another one; `300:3:1` takes minutes.
 */
const [resources = 24, years = 3, ...seeds] = (process.env['HOLDFAST_SIMULATION'] ?? '24:3:1').split(':').map(Number);

for (const seed of seeds) {
  test(`${resources} resources live ${years} years exactly as the specification says (seed ${seed})`, async (t) => {
    const scenario = aScenario(seed, { resources, years });
    const model = new Model(scenario);
    model.run();
    const world = new World(scenario);
    await world.run();
    const expected = model.log.sort();
    const actual = world.log.sort();
    assert.deepEqual(differences(expected, actual), []);
    const left = world.points.all().map((point) => `${world.keyOf(point)} ${point.status} ${point.storageClass}`);
    const leftInModel = [...model.points.values()].map((point) => `${point.key} ${point.status} ${point.tier}`);
    assert.deepEqual(left.sort(), leftInModel.sort());
    t.diagnostic(`${actual.length} happenings: ${summary(actual)}`);
    for (const kind of [
      'created',
      'deleted',
      'job FAILED',
      'job EXPIRED',
      'missed',
      'EXPIRED WARM',
      'COLD',
      'refused',
      '>far',
      'copy FAILED',
      'continuous',
    ]) {
      assert.ok(
        actual.some((line) => line.includes(kind)),
        `the scenario has no case of "${kind}"`,
      );
    }
  });
}

/** The first lines that only one of the two has. */
function differences(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const count = (lines: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const [inModel, inWorld] = [count(expected), count(actual)];
  const only = (mine: Map<string, number>, other: Map<string, number>, who: string) =>
    [...mine].filter(([line, times]) => (other.get(line) ?? 0) !== times).map(([line]) => `${line} (only ${who})`);
  return [...only(inModel, inWorld, 'in the model'), ...only(inWorld, inModel, 'in the world')].sort().slice(0, 20);
}

function summary(lines: readonly string[]): string {
  const kinds = new Map<string, number>();
  for (const line of lines) {
    const kind = line.startsWith('missed')
      ? 'missed'
      : line
          .split(' ')
          .slice(1, line.includes(' job ') || line.includes(' copy ') ? 3 : 2)
          .join(' ');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, times]) => `${times} ${kind}`).join(', ');
}
