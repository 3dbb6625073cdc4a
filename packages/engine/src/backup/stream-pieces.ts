/** Cuts or joins what a source yields into pieces of their own buffers, which may be given away. */
export async function* piecesOf(content: AsyncIterable<Uint8Array>, pieceBytes: number): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const bytes of content) {
    let from = 0;
    while (from < bytes.length) {
      const count = Math.min(bytes.length - from, pieceBytes - filled);
      piece.set(bytes.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled === pieceBytes) {
        yield piece;
        piece = new Uint8Array(pieceBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
