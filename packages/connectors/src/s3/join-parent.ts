import type { ItemRecord } from '@holdfast/engine';
import { sortKeyOf } from './item-paths.ts';
import type { ListedVersion } from './version-listing.ts';

/** A version that is in the bucket, in the parent recovery point, or in both; or one that was not asked for. */
export interface JoinedVersion {
  readonly listed?: ListedVersion;
  readonly parent?: ItemRecord;
  /** In the parent, and nothing says that it changed. */
  readonly kept?: ItemRecord;
}

/** Walks the bucket and the parent side by side; both are in path order, and so is the result. */
export async function* joinWithParent(
  listed: AsyncIterable<ListedVersion>,
  parentItems: AsyncIterable<ItemRecord>,
): AsyncGenerator<JoinedVersion> {
  const parents = parentItems[Symbol.asyncIterator]();
  const nextParent = async (): Promise<{ item: ItemRecord; sortKey: string } | undefined> => {
    for (;;) {
      const step = await parents.next();
      if (step.done === true) return undefined;
      // The root is no version.
      if (step.value.path.byteLength > 0) return { item: step.value, sortKey: sortKeyOf(step.value.path) };
    }
  };
  try {
    let parent = await nextParent();
    for await (const version of listed) {
      while (parent !== undefined && parent.sortKey < version.sortKey) {
        yield { parent: parent.item };
        parent = await nextParent();
      }
      if (parent?.sortKey === version.sortKey) {
        yield { listed: version, parent: parent.item };
        parent = await nextParent();
      } else yield { listed: version };
    }
    for (; parent !== undefined; parent = await nextParent()) yield { parent: parent.item };
  } finally {
    await parents.return?.();
  }
}
