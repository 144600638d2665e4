/** A cassette in the same process as the test that it is for. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { usualAddresses } from "../io/intercept/intercept.ts";
import { dockerHost, parseUpstream, type Upstream } from "../io/upstream/docker-host.ts";
import { type Mode, modeOf, type SettledMode, settledMode } from "../modes/mode.ts";
import { passService } from "../modes/pass.ts";
import type { DaemonHere } from "../modes/reach.ts";
import { type RecordOptions, recordService } from "../modes/record.ts";
import { type ReplayOptions, replayService } from "../modes/replay.ts";
import type { Service } from "../modes/service.ts";
import { InsertedCassette } from "./inserted.ts";
import type { CassetteReport } from "./verdict.ts";

export interface CassetteOptions
  extends Pick<RecordOptions, "exactTiming" | "rules" | "warn">,
    Pick<ReplayOptions, "tempo" | "isStrict" | "isPerConnection"> {
  /** Default: WHALESONG_MODE, else `replay` where CI is set, else `once`. */
  readonly mode?: Mode;
  /** The daemon to record from; one of this process is what `mockDocker()` gives. Default: WHALESONG_UPSTREAM, else what docker itself would use. */
  readonly upstream?: string | Upstream | DaemonHere;
  /** What is intercepted beside the cassette's own `socketPath`. Default: wherever Docker's clients look. */
  readonly intercept?: readonly string[];
  /** What was recorded need not all be asked for. */
  readonly allowsUnplayed?: boolean;
}

/**
 * Has the cassette at `path` answer what this process asks of Docker, until it is ejected or settled.
 * @throws UsageError `WHALESONG_NO_CASSETTE`, `WHALESONG_BAD_MODE`, `WHALESONG_BAD_ADDRESS`
 * @throws CassetteError if it cannot be understood
 * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE` if it is to be recorded and there is no daemon
 */
export async function insertCassette(path: string | URL, options: CassetteOptions = {}): Promise<InsertedCassette> {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  const asked = options.mode ?? modeOf(process.env);
  const hadCassette = existsSync(file);
  const mode = settledMode(asked, hadCassette);
  const at = options.intercept ?? usualAddresses();
  return new InsertedCassette({
    path: file,
    mode,
    service: await serviceFor(mode, file, options),
    // What is let through needs no interception, but for the cassette's own path.
    at: mode === "passthrough" ? [] : at,
    allowsUnplayed: options.allowsUnplayed ?? false,
    isProvisional: asked === "once" && !hadCassette,
  });
}

async function serviceFor(
  mode: SettledMode,
  cassette: string,
  options: CassetteOptions,
): Promise<Service<CassetteReport>> {
  if (mode === "replay") return replayService({ ...options, cassettes: [cassette] });
  const upstream = upstreamOf(options.upstream ?? process.env.WHALESONG_UPSTREAM);
  if (mode === "passthrough") return passService(upstream, options.warn);
  return recordService({ ...options, cassette, upstream, mode });
}

function upstreamOf(upstream: string | Upstream | DaemonHere = ""): Upstream | DaemonHere {
  if (upstream === "") return dockerHost(process.env, homedir());
  return typeof upstream === "string" ? parseUpstream(upstream) : upstream;
}
