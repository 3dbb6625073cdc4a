import type { PlacedExtent } from '../extent/map-reader.ts';
import { mapExtents } from '../extent/map-reader.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { StoredContent } from './stored-content.ts';

/** Extents of a stored content that touch `[from, to)`, in order; none for inline and absent content. */
export async function* extentsIn(
  content: StoredContent,
  readNode: NodeReader,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<PlacedExtent> {
  if (content.form === 'map') yield* mapExtents(readNode, content.root, from, to);
  if (content.form !== 'extents') return;
  let position = 0;
  for (const extent of content.extents) {
    if (position >= to) return;
    if (position + extent.length > from) yield { ...extent, at: position };
    position += extent.length;
  }
}
