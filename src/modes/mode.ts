/** The names of the modes, and how one is chosen. */
import { UsageError } from "../base/errors.ts";
import { checkArgument } from "../base/options/check-options.ts";
import { choiceOf, type OptionKind } from "../base/options/option-kind.ts";

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

export const modeKind: OptionKind = choiceOf(MODES, "WHALESONG_BAD_MODE");

/**
 * Resolves `once`: it records if there is no cassette, otherwise it replays.
 * @throws UsageError `WHALESONG_BAD_MODE`
 * @example
 * const mode = resolveMode("once", existsSync("hello.yaml"));
 */
export function resolveMode(mode: Mode, hasCassette: boolean): ResolvedMode {
  checkArgument("resolveMode", "mode", mode, modeKind);
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
    return CI === undefined || /^(|0|false|no|off)$/i.test(CI) ? "once" : "replay";
  const problem = modeKind.findProblem(requested, "WHALESONG_MODE");
  if (problem === undefined) return requested as Mode;
  const message = `WHALESONG_MODE ${problem.complaint}`;
  throw new UsageError("WHALESONG_BAD_MODE", message, { fields: { mode: requested } });
}
