/** What the modes are called, and which one is meant. */
import { UsageError } from "../base/errors.ts";

/** What is done in the end: `once` is one or the other. */
export type ResolvedMode = "replay" | "append" | "record" | "passthrough";

/** What may be asked for, by VCR's other names, too. */
export type Mode = ResolvedMode | "once" | "none" | "new_episodes" | "rewrite" | "all";

const MEANINGS: Readonly<Record<Mode, ResolvedMode | "once">> = {
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
export function resolveMode(mode: Mode, hasCassette: boolean): ResolvedMode {
  const meaning = MEANINGS[mode];
  if (meaning !== "once") return meaning;
  return hasCassette ? "replay" : "record";
}

/**
 * The mode that the environment asks for: WHALESONG_MODE, else `replay` where CI is set, else `once`.
 * @throws UsageError `WHALESONG_BAD_MODE`
 */
export function readMode({ WHALESONG_MODE: requested, CI }: NodeJS.ProcessEnv): Mode {
  if (requested === undefined || requested === "")
    return CI === undefined || /^(|0|false)$/i.test(CI) ? "once" : "replay";
  if (isMode(requested)) return requested;
  const known = MODES.map((mode) => `\`${mode}\``).join(", ");
  throw new UsageError(
    "WHALESONG_BAD_MODE",
    `WHALESONG_MODE is \`${requested}\`, which is no mode; there are ${known}`,
    {
      fields: { mode: requested },
    },
  );
}

function isMode(word: string): word is Mode {
  return Object.hasOwn(MEANINGS, word);
}
