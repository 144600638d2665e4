import { UsageError } from "../base/errors.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";

/**
 * Whether an exchange is one of those that a user names: `4`, `3-5`, `start`, or several with commas.
 * @throws UsageError `WHALESONG_NO_SUCH_EXCHANGE` for a number or name that the cassette does not have
 */
export function chooseExchanges(texts: readonly string[], cassette: CassetteWalk): (entry: CassetteEntry) => boolean {
  const words = splitWords(texts);
  const choices = words.map((word) => toChoice(word));
  const lacking = new Set(words.keys());
  for (const entry of cassette.entries) {
    for (const at of lacking) if (choices[at]?.(entry) === true) lacking.delete(at);
    if (lacking.size === 0) break;
  }
  const missing = words.find((_, at) => lacking.has(at));
  if (missing === undefined) return (entry) => choices.some((isChosen) => isChosen(entry));
  const message = `there is no exchange \`${missing}\` in \`${cassette.file}\`; it has ${cassette.entries.length}, numbered from 1`;
  throw new UsageError("WHALESONG_NO_SUCH_EXCHANGE", message);
}

function toChoice(word: string): (entry: CassetteEntry) => boolean {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  if (from === undefined) return ({ name }) => name === word;
  return ({ index }) => index + 1 >= Number(from) && index + 1 <= Number(to);
}

/** The words of a flag that may be repeated, and takes commas. */
export function splitWords(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).map((word) => word.trim());
}
