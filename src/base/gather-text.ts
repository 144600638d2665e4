/** So many characters are written at once: each write has its price, and a piece may be a few bytes. */
const GATHERED = 64 * 1024;

/** A text that is made piece by piece, while it is read. */
export type TextPieces = AsyncIterable<string> | Iterable<string>;

/**
 * The same text in fewer pieces, each of 64 Ki characters or a little more; the last one may be shorter.
 * @example
 * for await (const piece of gatherText(lines)) await stdout.write(piece);
 */
export async function* gatherText(pieces: TextPieces): AsyncGenerator<string> {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length < GATHERED) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}
