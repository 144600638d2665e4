/** Inserts a cassette into the process of the test that uses it. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { WhalesongError } from "../base/errors.ts";
import { checkOptions } from "../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { listUsualAddresses } from "../io/intercept/intercept.ts";
import { captureStack, formatProgramStack, listProgramFrames } from "../io/intercept/request-origins.ts";
import { resolveDockerHost, type Upstream } from "../io/upstream/docker-host.ts";
import { chooseMode } from "../modes/choose-mode.ts";
import { explainMissingCassette } from "../modes/explain-missing-cassette.ts";
import type { Mode, ResolvedMode } from "../modes/mode.ts";
import { OPTIONS_OBJECT } from "../modes/mode-kinds.ts";
import { createPassthroughService } from "../modes/passthrough.ts";
import { openRecordService, type RecordOptions } from "../modes/record.ts";
import { createOfflineReplay, type ReplayOptions } from "../modes/replay.ts";
import type { ModeService } from "../modes/service.ts";
import type { InProcessDaemon } from "../modes/upstream-connection.ts";
import { isGuarded } from "./guard-run.ts";
import { InsertedCassette } from "./inserted-cassette.ts";
import { CASSETTE, checkPath } from "./option-kinds.ts";
import { watchCassette } from "./runs/watch-cassette.ts";
import type { CassetteReport } from "./test-result.ts";
import { warnOfEmpty } from "./warn-of-empty.ts";

/** For a program whose command is not known. */
const RECORD_AGAIN = "run it again with WHALESONG_MODE=record, and a daemon";

/** Options of `useCassette`, `insertCassette` and the test runners' integrations. */
export interface CassetteOptions
  extends Pick<
      RecordOptions,
      "exactTiming" | "fresh" | "contexts" | "rules" | "redact" | "allowSecrets" | "empty" | "warn"
    >,
    Pick<ReplayOptions, "tempo" | "isStrict" | "isPerConnection" | "recordCommand"> {
  /** Whether it records or replays (docs/in-process.md). @default WHALESONG_MODE, else `replay` if CI is set, else `once` */
  readonly mode?: Mode;
  /** The daemon to record: an address, or the result of `mockDocker()`. @default WHALESONG_UPSTREAM, else the one that docker uses */
  readonly upstream?: string | Upstream | InProcessDaemon;
  /** Addresses to intercept beside the cassette's own `socketPath`. @default the addresses where Docker's clients look */
  readonly intercept?: readonly string[];
  /** Lets a test leave out recorded requests. @default false */
  readonly allowsUnplayed?: boolean;
  /** Keeps the recording of a test that failed; otherwise the cassette stays as it was. @default false */
  readonly keepsFailed?: boolean;
  /**
   * Whether the test is to fail (`test.fails`, `test.failing`): then its failure keeps the recording, and a deviation
   * is a warning, behind which the runner sees no failure. @default what the runner says; false in `useCassette`
   */
  readonly expectsFailure?: boolean;
  /** Where the test is declared, for the report of a miss: an error made there. @default unknown */
  readonly declaredAt?: Error;
}

const cassetteKind: OptionKind = recordOf<CassetteOptions>(CASSETTE, OPTIONS_OBJECT);

/**
 * @param owner the function that was called
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_BAD_MODE`, `WHALESONG_BAD_RULE`
 */
export function checkCassetteOptions(owner: string, options: unknown): void {
  checkOptions(owner, options, cassetteKind);
}

/**
 * Lets the cassette at `path` answer this process's requests to Docker, until it is ejected or settled.
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_NO_CASSETTE`, `WHALESONG_BAD_MODE`, `WHALESONG_BAD_ADDRESS`
 * @throws CassetteError if the cassette cannot be parsed, or its recording is unfinished
 * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE` if it records and the daemon cannot be reached
 * @example
 * const cassette = await insertCassette("hello.yaml");
 * await new Docker({ socketPath: cassette.socketPath }).listContainers();
 * await cassette.settle();
 */
export async function insertCassette(path: string | URL, options: CassetteOptions = {}): Promise<InsertedCassette> {
  checkPath("insertCassette", "path", path);
  checkCassetteOptions("insertCassette", options);
  const caller = options.declaredAt ?? captureStack();
  try {
    return await createInsertion(path, options);
  } catch (error) {
    // Our own frames would tell the reader nothing.
    if (error instanceof WhalesongError) error.stack = formatProgramStack(error, listProgramFrames(caller));
    throw error;
  }
}

async function createInsertion(path: string | URL, options: CassetteOptions): Promise<InsertedCassette> {
  const file = typeof path === "string" ? path : fileURLToPath(path);
  const mode = chooseMode(options.mode, file, process.env, options.recordCommand);
  const at = options.intercept ?? listUsualAddresses();
  const { allowsUnplayed = false } = options;
  // A recorder makes the file at once.
  const reportToRun = watchCassette(file, { allowsUnplayed, isRecording: mode === "record" || mode === "append" });
  return new InsertedCassette({
    path: file,
    mode,
    service: await createService(mode, file, options),
    // In passthrough only the cassette's own path is intercepted, unless a guard would answer at the others.
    at: mode === "passthrough" && !isGuarded() ? [] : at,
    allowsUnplayed,
    keepsFailed: options.keepsFailed ?? false,
    declaredAt: options.declaredAt,
    reportToRun,
  });
}

async function createService(
  mode: ResolvedMode,
  cassette: string,
  options: CassetteOptions,
): Promise<ModeService<CassetteReport>> {
  if (mode === "replay") {
    const replayOptions = { recordCommand: RECORD_AGAIN, ...options, cassettes: [cassette], refusesUnfinished: true };
    return createOfflineReplay(replayOptions);
  }
  const upstream = resolveUpstream(options.upstream ?? process.env.WHALESONG_UPSTREAM);
  if (mode === "passthrough") return createPassthroughService(upstream, options.warn);
  const isNew = !existsSync(cassette);
  const where = { path: cassette, named: options.mode, env: process.env };
  const startRecording = () => openRecordService({ ...options, cassette, upstream, mode });
  const service = await explainMissingCassette(where, startRecording);
  return isNew && options.empty === undefined ? warnOfEmpty(service, cassette, options.warn) : service;
}

function resolveUpstream(upstream: string | Upstream | InProcessDaemon = ""): string | Upstream | InProcessDaemon {
  return upstream === "" ? resolveDockerHost(process.env, homedir()) : upstream;
}
