import type { ItemRecord } from '@holdfast/engine';
import { keyOfPath } from './item-paths.ts';
import { type ObjectFacts, objectFactsOf } from './object-record.ts';

/** The version of an object that was the current one. */
export interface ObjectAt {
  readonly key: string;
  readonly item: ItemRecord;
  readonly facts: ObjectFacts;
}

/**
 * The objects of a bucket as they were at a moment, in the order of their keys: of each key the newest version made until
 * then and not yet removed, unless that is a delete marker. Holds one version at a time.
 */
export async function* stateAt(items: AsyncIterable<ItemRecord>, targetAt: number): AsyncGenerator<ObjectAt> {
  let best: ObjectAt | undefined;
  for await (const item of items) {
    const key = keyOfPath(item.path);
    if (key === undefined) continue;
    const facts = objectFactsOf(item);
    if (best !== undefined && best.key !== key) {
      if (best.facts.isMarker !== true) yield best;
      best = undefined;
    }
    if (facts.at <= targetAt && !((facts.removedAt ?? Number.POSITIVE_INFINITY) <= targetAt)) {
      if (best === undefined || isNewer(facts, best.facts)) best = { key, item, facts };
    }
  }
  if (best !== undefined && best.facts.isMarker !== true) yield best;
}

function isNewer(a: ObjectFacts, b: ObjectFacts): boolean {
  return a.at === b.at ? (a.tie ?? 0) < (b.tie ?? 0) : a.at > b.at;
}
