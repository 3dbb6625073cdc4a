import type { ByteBudget } from './byte-budget.ts';
import type { S3Connection } from './connection.ts';
import { S3RequestError } from './errors.ts';
import type { ListedVersion } from './version-listing.ts';

/** Objects up to this size come with one request; larger ones in pieces of this size. */
export const PIECE_BYTES = 8 * 1024 * 1024;
const PIECES_AHEAD = 4;

/** What finds the content of one version. */
export type VersionToRead = Pick<ListedVersion, 'key' | 'versionId' | 'etag' | 'sizeBytes'>;

/** The content of a large object: several pieces on their way at once, delivered in order. */
export async function* readInPieces(
  connection: S3Connection,
  bucket: string,
  version: VersionToRead,
  budget: ByteBudget,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const running: { readonly held: number; readonly piece: Promise<readonly Buffer[]> }[] = [];
  let asked = 0;
  const nextLength = (): number => Math.min(PIECE_BYTES, version.sizeBytes - asked);
  const ask = (held: number): void => {
    const range = { offset: asked, length: nextLength() };
    asked += range.length;
    const piece = readPiece(connection, bucket, version, range, signal);
    piece.catch(() => undefined);
    running.push({ held, piece });
  };
  try {
    while (asked < version.sizeBytes || running.length > 0) {
      if (running.length === 0) ask(await budget.take(nextLength()));
      // Who holds a piece never waits for the memory of another one: two readers could wait for each other for good.
      while (asked < version.sizeBytes && running.length < PIECES_AHEAD) {
        const held = budget.takeNow(nextLength());
        if (held === undefined) break;
        ask(held);
      }
      const next = running.shift();
      if (next === undefined) break;
      try {
        yield* await next.piece;
      } finally {
        budget.give(next.held);
      }
    }
  } finally {
    for (const { held } of running) budget.give(held);
  }
}

async function readPiece(
  connection: S3Connection,
  bucket: string,
  version: VersionToRead,
  range: { readonly offset: number; readonly length: number },
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const { parts } = await connection.send(bucket, { ...versionRequest(version), range }, signal, range.length);
  const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (bytes === range.length) return parts;
  throw new S3RequestError('InvalidRange', `${bytes} bytes came where ${range.length} were asked for`, {
    status: 416,
  });
}

/** A request for exactly this version; the version `null` can be overwritten, so its ETag is asked for too. */
export function versionRequest({ key, versionId, etag }: VersionToRead) {
  return { method: 'GET', key, versionId, ...(versionId === 'null' && etag !== '' ? { ifMatch: etag } : {}) } as const;
}
