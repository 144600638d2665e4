/** A cassette in the same process as the test that it is for. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { listUsualAddresses } from "../io/intercept/intercept.ts";
import { parseUpstream, resolveDockerHost, type Upstream } from "../io/upstream/docker-host.ts";
import { type Mode, type ResolvedMode, readMode, resolveMode } from "../modes/mode.ts";
import { createPassthroughService } from "../modes/passthrough.ts";
import { createRecordService, type RecordOptions } from "../modes/record.ts";
import { createReplayService, type ReplayOptions } from "../modes/replay.ts";
import type { ModeService } from "../modes/service.ts";
import type { InProcessDaemon } from "../modes/upstream-connection.ts";
import { InsertedCassette } from "./inserted-cassette.ts";
import type { CassetteReport } from "./test-result.ts";

export interface CassetteOptions
  extends Pick<RecordOptions, "exactTiming" | "rules" | "warn">,
    Pick<ReplayOptions, "tempo" | "isStrict" | "isPerConnection"> {
  /** Default: WHALESONG_MODE, else `replay` where CI is set, else `once`. */
  readonly mode?: Mode;
  /** The daemon to record from; one of this process is what `mockDocker()` gives. Default: WHALESONG_UPSTREAM, else what docker itself would use. */
  readonly upstream?: string | Upstream | InProcessDaemon;
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
  const requestedMode = options.mode ?? readMode(process.env);
  const hadCassette = existsSync(file);
  const mode = resolveMode(requestedMode, hadCassette);
  const at = options.intercept ?? listUsualAddresses();
  return new InsertedCassette({
    path: file,
    mode,
    service: await createService(mode, file, options),
    // What is let through needs no interception, but for the cassette's own path.
    at: mode === "passthrough" ? [] : at,
    allowsUnplayed: options.allowsUnplayed ?? false,
    isProvisional: requestedMode === "once" && !hadCassette,
  });
}

async function createService(
  mode: ResolvedMode,
  cassette: string,
  options: CassetteOptions,
): Promise<ModeService<CassetteReport>> {
  if (mode === "replay") return createReplayService({ ...options, cassettes: [cassette] });
  const upstream = resolveUpstream(options.upstream ?? process.env.WHALESONG_UPSTREAM);
  if (mode === "passthrough") return createPassthroughService(upstream, options.warn);
  return createRecordService({ ...options, cassette, upstream, mode });
}

function resolveUpstream(upstream: string | Upstream | InProcessDaemon = ""): Upstream | InProcessDaemon {
  if (upstream === "") return resolveDockerHost(process.env, homedir());
  return typeof upstream === "string" ? parseUpstream(upstream) : upstream;
}
