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

/** The first bytes of a source: as many as `size`, or more, or all that there are. */
export async function takeStart(source: AsyncIterator<Buffer>, size: number): Promise<Buffer> {
  const first: Buffer[] = [];
  let taken = 0;
  while (taken < size) {
    const { done, value } = await source.next();
    if (done === true) break;
    first.push(value);
    taken += value.length;
  }
  return Buffer.concat(first);
}

/** A source whose first bytes were taken, whole again. A reader that gives up leaves the rest of it open. */
export async function* prependBytes(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  yield* keepOpen(rest);
}
