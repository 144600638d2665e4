/** What was printed as an asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/), for asciinema's player. */
import { StringDecoder } from "node:string_decoder";
import type { Cassette, CassetteEntry } from "../../cassette/read.ts";
import { listPieces } from "../../view/play-exchanges.ts";

const SIZE = { width: 80, height: 24 };

/** @param entries those that are played, one after the other */
export function exportCast({ header }: Cassette, entries: readonly CassetteEntry[]): string {
  const timestamp = Math.floor((Date.parse(header.recorded?.at ?? "") || 0) / 1000);
  const lines = [JSON.stringify({ version: 2, ...SIZE, timestamp })];
  let ms = 0;
  for (const entry of entries) {
    const decoder = new StringDecoder("utf8");
    for (const { waitMs, bytes } of listPieces(entry)) {
      ms += waitMs;
      const text = toTerminalLines(decoder.write(bytes));
      if (text !== "") lines.push(JSON.stringify([ms / 1000, "o", text]));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A terminal that is written to raw returns its carriage only when it is told to; a container without one is not. */
function toTerminalLines(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}
