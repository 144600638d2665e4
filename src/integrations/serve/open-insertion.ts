/** Gives one inserted cassette, or one simulated daemon, a socket of its own. */
import { systemClock } from "../../io/clock.ts";
import { readBehaviours } from "../../io/disk/read-behaviours.ts";
import type { Upstream } from "../../io/upstream/upstream.ts";
import { chooseMode } from "../../modes/choose-mode.ts";
import { explainMissingCassette } from "../../modes/explain-missing-cassette.ts";
import type { MockOptions } from "../../modes/mock-docker.ts";
import type { ResolvedMode } from "../../modes/mode.ts";
import { makeAppendSeed } from "../../modes/other-seeds.ts";
import { createPassthroughService } from "../../modes/passthrough.ts";
import { recordFor } from "../../modes/record.ts";
import { replayCassettes } from "../../modes/replay.ts";
import { type RunningServer, startServer } from "../../modes/service.ts";
import type { InProcessDaemon } from "../../modes/upstream-connection.ts";
import type { CassetteReport } from "../test-result.ts";
import { findCallerWords } from "./caller-words.ts";
import type { InsertionRequest } from "./parse-insertion.ts";

/** How long connections of a recording may take to close: a client's last words are on their way. */
const GRACE_MS = 100;
const POLL_MS = 10;
const MOCK = "mock";
const RECORD_AGAIN = "run the test again with WHALESONG_MODE=record, and a daemon";

/** What the server knows that a client need not say. */
export interface InsertionContext {
  readonly env: NodeJS.ProcessEnv;
  /** The daemon that is recorded where the client names none. @throws UsageError `WHALESONG_BAD_ADDRESS` */
  readonly resolveUpstream: (url: string | undefined) => Upstream;
  /** The upstream that a client gets without naming one: an address, `mock`, or undefined for docker's own. */
  readonly upstream: string | undefined;
  readonly warn: (problem: unknown) => void;
}

/** A cassette that answers at a socket of its own. */
export interface OpenInsertion {
  readonly mode: ResolvedMode | "mock";
  /** The value for DOCKER_HOST. */
  readonly url: string;
  /** @param isDiscarded a recording is thrown away, and the cassette is as it was */
  end(isDiscarded: boolean): Promise<CassetteReport>;
  /** Of a simulated daemon without a cassette, which has no report. @default they are in the report */
  readonly listUnusedFaults?: () => readonly string[];
}

/** @throws what `record`, `replayCassettes` and `mockDocker` throw */
export function openInsertion(request: InsertionRequest, context: InsertionContext): Promise<OpenInsertion> {
  const { mode, cassette, recordCommand } = request;
  if (mode === MOCK) return openMock(request, context);
  const resolved = mode === "passthrough" ? mode : chooseMode(mode, cassette ?? "", context.env, recordCommand);
  if (resolved === "replay") return openReplay(request, context);
  return resolved === "passthrough" ? openPassthrough(request, context) : openRecording(request, resolved, context);
}

async function openMock(request: InsertionRequest, { warn }: InsertionContext): Promise<OpenInsertion> {
  const docker = await startMock(request, warn, toListenOption(request));
  const end = (): Promise<undefined> => docker.stop().then(() => undefined);
  return { mode: MOCK, url: docker.url, end, listUnusedFaults: () => docker.unusedFaults };
}

async function openReplay(request: InsertionRequest, { warn }: InsertionContext): Promise<OpenInsertion> {
  const { cassette = "", strict, ports, tempo, rules, faults, seed, recordCommand = RECORD_AGAIN } = request;
  const server = await replayCassettes({
    cassettes: [cassette],
    refusesUnfinished: true,
    warn,
    ...definedFields({ isStrict: strict, answersPorts: ports, tempo, rules, faults, seed, recordCommand }),
    ...toListenOption(request),
  });
  return { mode: "replay", url: server.url, end: () => server.stop() };
}

async function openPassthrough(request: InsertionRequest, context: InsertionContext): Promise<OpenInsertion> {
  const daemon = await openDaemon(request, context);
  const server = await startServer(createPassthroughService(daemon.upstream, context.warn), toListenOption(request));
  const end = (): Promise<CassetteReport> => server.stop().finally(daemon.stop);
  return { mode: "passthrough", url: server.url, end };
}

async function openRecording(
  request: InsertionRequest,
  mode: "record" | "append",
  context: InsertionContext,
): Promise<OpenInsertion> {
  const { cassette = "", rules, contexts, exactTiming, redact, allowSecrets } = request;
  const seed = request.seed ?? (mode === "append" ? makeAppendSeed(cassette) : undefined);
  const daemon = await openDaemon({ ...request, ...definedFields({ seed }) }, context);
  try {
    const named = request.mode === MOCK ? undefined : request.mode;
    const startRecording = () =>
      recordFor(findCallerWords(request.caller).spellOption, {
        ...{ cassette, mode, upstream: daemon.upstream, warn: context.warn },
        ...definedFields({ rules, contexts, exactTiming, redact, allowSecrets }),
        ...toListenOption(request),
      });
    const server = await explainMissingCassette({ path: cassette, named, env: context.env }, startRecording);
    const end = async (isDiscarded: boolean): Promise<CassetteReport> => {
      if (!isDiscarded) await waitUntilClosed(server);
      return (isDiscarded ? server.discard() : server.stop()).finally(daemon.stop);
    };
    return { mode, url: server.url, end };
  } catch (error) {
    await daemon.stop();
    throw error;
  }
}

async function waitUntilClosed(server: RunningServer<unknown>): Promise<void> {
  for (let waited = 0; server.connections > 0 && waited < GRACE_MS; waited += POLL_MS) await systemClock.sleep(POLL_MS);
}

interface SharedDaemon {
  readonly upstream: Upstream | InProcessDaemon;
  readonly stop: () => Promise<void>;
}

/** The daemon that is recorded: a real one, or a simulated one of this recording's own. */
async function openDaemon(request: InsertionRequest, context: InsertionContext): Promise<SharedDaemon> {
  const address = request.upstream ?? context.upstream;
  if (address !== MOCK) {
    const option = findCallerWords(request.caller).upstreamOption;
    return { upstream: { ...context.resolveUpstream(address), option }, stop: async () => undefined };
  }
  const docker = await startMock(request, context.warn, {});
  return { upstream: docker, stop: () => docker.stop() };
}

/** The simulated daemon is loaded only where one is used. */
async function startMock(request: InsertionRequest, warn: InsertionContext["warn"], listen: { listen?: string }) {
  const { mockDocker } = await import("../../modes/mock-docker.ts");
  const { state, now, seed, engine, faults, ports, behaviours = [], anyImage = false } = request;
  const options: MockOptions = {
    behaviours: behaviours.flatMap(readBehaviours),
    registry: { hasAnyImage: anyImage },
    onFault: warn,
    // The verdict has them.
    onUnusedFaults: () => undefined,
    ...definedFields({ state, now, seed, engine, answersPorts: ports }),
    ...(request.mode === MOCK ? definedFields({ faults }) : {}),
    ...listen,
  };
  return mockDocker(options);
}

function toListenOption({ listen }: InsertionRequest): { listen?: string } {
  return definedFields({ listen });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedFields<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
