/** The names of the modes, and how one is chosen. */
import { UsageError } from "../base/errors.ts";

/** The mode that runs: `once` is resolved to `record` or `replay`. */
export type ResolvedMode = "replay" | "append" | "record" | "passthrough";

/** The modes that an option may name, including VCR's other names. */
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

/** All modes that an option may name. */
export const MODES: readonly Mode[] = Object.keys(MEANINGS) as Mode[];

/**
 * Resolves `once`: it records if there is no cassette, otherwise it replays.
 * @example
 * const mode = resolveMode("once", existsSync("hello.yaml"));
 */
export function resolveMode(mode: Mode, hasCassette: boolean): ResolvedMode {
  const meaning = MEANINGS[mode];
  if (meaning !== "once") return meaning;
  return hasCassette ? "replay" : "record";
}

/**
 * The mode of the environment: WHALESONG_MODE, else `replay` if CI is set, else `once`.
 * @throws UsageError `WHALESONG_BAD_MODE`
 * @example
 * const mode = readMode({ WHALESONG_MODE: "all" });
 */
export function readMode({ WHALESONG_MODE: requested, CI }: NodeJS.ProcessEnv): Mode {
  if (requested === undefined || requested === "")
    return CI === undefined || /^(|0|false)$/i.test(CI) ? "once" : "replay";
  if (isMode(requested)) return requested;
  const known = MODES.map((mode) => `\`${mode}\``).join(", ");
  throw new UsageError("WHALESONG_BAD_MODE", `WHALESONG_MODE must be one of ${known}, got \`${requested}\``, {
    fields: { mode: requested },
  });
}

function isMode(word: string): word is Mode {
  return Object.hasOwn(MEANINGS, word);
}
