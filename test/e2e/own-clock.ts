/** Removes what the clients of today print by their own clock, and the order of what they do at once. */
import { toComparableLines } from "./builds/printed-lines.ts";
import type { Said } from "./cli-player.ts";

const AGE = /(?:Less than a second|About an? (?:minute|hour)|\d+ (?:second|minute|hour)s?)(?: ago)?/g;
const COLUMNS = / {2,}/g;
/** Progress that is printed as often as the client's clock ticks, from several threads. */
const HAS_PROGRESS = /\b(?:build|buildx|compose .*\b(?:up|down|stop|start|run))\b/;

export function withoutOwnClock(said: Said): Said {
  return {
    ...said,
    stdout: textWithoutClock(said.line, said.stdout),
    stderr: textWithoutClock(said.line, said.stderr),
  };
}

function textWithoutClock(line: string, text: string): string {
  const ageless = text.replace(AGE, "<age>");
  const even = ageless === text ? text : ageless.replace(COLUMNS, "  ");
  return HAS_PROGRESS.test(line) ? toComparableLines(even).join("\n") : even;
}
