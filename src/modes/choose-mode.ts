import { existsSync } from "node:fs";
import { UsageError } from "../base/errors.ts";
import { describeOtherSpelling } from "../io/fold-path.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { type Mode, type ResolvedMode, readMode, resolveMode } from "./mode.ts";
import { isUnfinishedFile } from "./unfinished-cassette.ts";

/**
 * The mode in which the cassette at `path` is used: the one that is named, else that of the environment. For `once` an
 * unfinished recording is as none: it is recorded anew.
 * @param recordCommand what records it where `CI` is set, for the message
 * @throws UsageError `WHALESONG_BAD_MODE`
 * @throws UsageError `WHALESONG_NO_CASSETTE` if there is none, and nothing is recorded only because `CI` is set
 */
export function chooseMode(
  named: Mode | undefined,
  path: string,
  env: NodeJS.ProcessEnv,
  recordCommand: string = "name the mode, WHALESONG_MODE=record",
): ResolvedMode {
  const hasCassette = existsSync(path);
  const requested = named ?? readMode(env);
  const mode = resolveMode(requested, hasCassette && !(requested === "once" && isUnfinishedFile(path)));
  const isForCi = named === undefined && (env.WHALESONG_MODE ?? "") === "" && mode === "replay";
  if (hasCassette || !isForCi) return mode;
  const message = `there is no cassette at \`${toTypedPath(path)}\`${describeOtherSpelling(path)}, and \`CI\` is set, so nothing is recorded; run this once on a machine with Docker and commit the file. To record it here: ${recordCommand}`;
  throw new UsageError("WHALESONG_NO_CASSETTE", message, { fields: { path } });
}
