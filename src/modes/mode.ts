/** What the modes are called, and which one is meant. */
import { UsageError } from "../base/errors.ts";

/** What is done in the end: `once` is one or the other. */
export type SettledMode = "replay" | "append" | "record" | "passthrough";

/** What may be asked for, by VCR's other names, too. */
export type Mode = SettledMode | "once" | "none" | "new_episodes" | "rewrite" | "all";

const MEANINGS: Readonly<Record<Mode, SettledMode | "once">> = {
  once: "once",
  replay: "replay",
  none: "replay",
  append: "append",
  new_episodes: "append",
  record: "record",
  rewrite: "record",
  all: "record",
  passthrough: "passthrough",
};

export const MODES: readonly Mode[] = Object.keys(MEANINGS) as Mode[];

/** `once` records where there is no cassette yet, else replays. */
export function settledMode(mode: Mode, hasCassette: boolean): SettledMode {
  const meaning = MEANINGS[mode];
  if (meaning !== "once") return meaning;
  return hasCassette ? "replay" : "record";
}

/**
 * The mode that the environment asks for: WHALESONG_MODE, else `replay` where CI is set, else `once`.
 * @throws UsageError `WHALESONG_BAD_MODE`
 */
export function modeOf({ WHALESONG_MODE: asked, CI }: NodeJS.ProcessEnv): Mode {
  if (asked === undefined || asked === "") return CI === undefined || /^(|0|false)$/i.test(CI) ? "once" : "replay";
  if (isMode(asked)) return asked;
  const known = MODES.map((mode) => `\`${mode}\``).join(", ");
  throw new UsageError("WHALESONG_BAD_MODE", `WHALESONG_MODE is \`${asked}\`, which is no mode; there are ${known}`, {
    fields: { mode: asked },
  });
}

function isMode(word: string): word is Mode {
  return Object.hasOwn(MEANINGS, word);
}
