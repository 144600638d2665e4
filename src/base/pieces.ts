/** Streams of bytes that are read piece by piece, by several readers one after the other. */

/** Shows each piece to `onPiece` before it is read. */
export async function* tapPieces(
  source: AsyncIterable<Buffer>,
  onPiece: (piece: Buffer) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    onPiece(piece);
    yield piece;
  }
}

/** Keeps a reader that gives up from closing the source: another one reads the rest. */
export async function* keepOpen(source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (;;) {
    const { done, value } = await source.next();
    if (done === true) return;
    yield value;
  }
}
