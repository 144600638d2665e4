import { UsageError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import type { SpellOption } from "../base/spell-option.ts";
import type { Cassette } from "../cassette/read.ts";
import type { RecordingReport } from "../record/write/tape.ts";

/** What becomes of a recording without an exchange: see `RecordOptions.empty`. */
export type EmptyPolicy = "keep" | "keep-new" | "refuse";

/** Why a command's requests may go elsewhere. */
export const PAST_HOST: string =
  "Does the client connect to DOCKER_HOST? `sudo`, `docker --host` and docker contexts go past it";

interface RefusalOptions {
  readonly cassette: string;
  readonly mode?: "record" | "append";
  readonly empty?: EmptyPolicy;
  readonly spellOption: SpellOption;
}

/** The reason why an empty recording must not replace the cassette; undefined if it may. */
export function refuseEmpty(
  { exchanges, dropped }: RecordingReport,
  previous: Cassette | undefined,
  { cassette, mode, empty = "keep-new", spellOption }: RefusalOptions,
): UsageError | undefined {
  const old = previous?.entries.length ?? 0;
  const isAllowed =
    empty === "keep" || (empty === "keep-new" && old === 0) || (mode === "append" && previous !== undefined);
  if (exchanges > 0 || isAllowed) return undefined;
  const reason =
    dropped > 0
      ? `nothing was recorded: ${formatCount(dropped, "request")} came, and none was answered to its end`
      : `nothing was recorded: no request came. ${PAST_HOST}`;
  const stays =
    old === 0
      ? `\`${cassette}\` is not written`
      : `\`${cassette}\` stays as it is, with ${formatCount(old, "exchange")}`;
  const option = spellOption("empty", "keep");
  const wayOut = option === undefined ? "" : ` (\`${option}\` writes an empty cassette)`;
  return new UsageError("WHALESONG_NOTHING_RECORDED", `${reason}; ${stays}${wayOut}`, {
    fields: { cassette, dropped, old },
  });
}
