/** Removes what the clients of today print by their own clock, and the order of what they do at once. */
import { toComparableLines } from "./builds/printed-lines.ts";
import type { Said } from "./cli-player.ts";

const AGE =
  /(?:Less than a second|About an? (?:minute|hour)|\d+ (?:second|minute|hour|day|week|month|year)s?)(?: ago)?/g;
/** How long a step of a build took, which its client prints only if it is long enough to be seen. */
const DURATIONS = /(?: \d+\.\d+s)+(?= done\r?$)/gm;
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

/** Removes how long ago something was, and how long it took; both are reckoned by the client. */
export function withoutDurations(text: string): string {
  return text.replace(AGE, "<age>").replace(DURATIONS, "");
}

function textWithoutClock(line: string, text: string): string {
  const ageless = text.replace(AGE, "<age>");
  const even = ageless === text ? text : ageless.replace(COLUMNS, "  ");
  return HAS_PROGRESS.test(line) ? toComparableLines(even).join("\n") : even;
}
