import { Model } from './model.ts';
import { aScenario } from './scenario.ts';
import { World } from './world.ts';

export interface Comparison {
  /** Happenings that only one of the two has seen. */
  readonly differences: readonly string[];
  /** Recovery points that only one of the two has at the end, with status and tier. */
  readonly endDifferences: readonly string[];
  readonly happenings: number;
  /** How often each kind of happening occurred. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** Lets the model and the real code live through one scenario. */
export async function compareWorlds(seed: number, resources: number, years: number): Promise<Comparison> {
  const scenario = aScenario(seed, { resources, years });
  const model = new Model(scenario);
  model.run();
  const world = new World(scenario);
  await world.run();
  const left = world.points.all().map((point) => `${world.keyOf(point)} ${point.status} ${point.storageClass}`);
  const leftInModel = [...model.points.values()].map((point) => `${point.key} ${point.status} ${point.tier}`);
  return {
    differences: differences(model.log, world.log),
    endDifferences: differences(leftInModel, left),
    happenings: world.log.length,
    kinds: countKinds(world.log),
  };
}

const MOST_SHOWN = 20;

function differences(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const [inModel, inWorld] = [countLines(expected), countLines(actual)];
  const only = (mine: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, who: string) =>
    [...mine].filter(([line, times]) => (other.get(line) ?? 0) < times).map(([line]) => `${line} (only ${who})`);
  return [...only(inModel, inWorld, 'in the model'), ...only(inWorld, inModel, 'in the world')]
    .sort()
    .slice(0, MOST_SHOWN);
}

function countLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Kinds that a scenario must contain to be worth anything. */
export const KINDS: Readonly<Record<string, RegExp>> = {
  created: / created /,
  deleted: / deleted /,
  'moved to cold storage': / changed .* COLD /,
  'expired with a reason': / changed .* EXPIRED /,
  'lifecycle changed or tier changed': / changed /,
  'refused attempts': / refused /,
  'jobs completed': / job COMPLETED /,
  'jobs failed': / job FAILED /,
  'jobs expired': / job EXPIRED /,
  'continuous jobs': / job .* continuous$/,
  'copies into another region': / created far /,
  'copies refused by a lock': / copy FAILED /,
  'backups straight into an air-gapped vault': / created gapped .*Z air-gapped\/[^>]*$/,
  'copies into an air-gapped vault': / created gapped .*>gapped/,
  'temporary backups deleted after their copy': / deleted Default .*(ec2|rds|fsx).* air-gapped\/weekly/,
  'occurrences missed by outages': /^missed /,
};

function countKinds(lines: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(KINDS).map(([kind, form]) => [kind, lines.filter((line) => form.test(line)).length]),
  );
}
