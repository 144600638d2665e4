/** What was printed as an asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/), for asciinema's player. */
import { StringDecoder } from "node:string_decoder";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { listPieces } from "../../view/play-exchanges.ts";

const SIZE = { width: 80, height: 24 };

/**
 * The lines of the file, made one by one.
 * @param entries those that are played, one after the other
 */
export function* exportCast(
  { header }: Pick<CassetteWalk, "header">,
  entries: Iterable<CassetteEntry>,
): Generator<string> {
  const timestamp = Math.floor((Date.parse(header.recorded?.at ?? "") || 0) / 1000);
  yield `${JSON.stringify({ version: 2, ...SIZE, timestamp })}\n`;
  let ms = 0;
  for (const entry of entries) {
    const decoder = new StringDecoder("utf8");
    for (const { waitMs, bytes } of listPieces(entry)) {
      ms += waitMs;
      const text = toTerminalLines(decoder.write(bytes));
      if (text !== "") yield `${JSON.stringify([ms / 1000, "o", text])}\n`;
    }
  }
}

/** A terminal that is written to raw returns its carriage only when it is told to; a container without one is not. */
function toTerminalLines(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}
