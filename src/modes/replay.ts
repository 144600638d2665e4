/** The replay mode: cassettes answer, and no daemon is asked unless `onMiss` names one. */
import { checkOptions } from "../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { systemClock } from "../io/clock.ts";
import { toTypedPath } from "../io/typed-path.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import type { BuildDeck } from "../replay/build/build-deck.ts";
import { BUILD_LIMITS, type BuildPace } from "../replay/build/build-pace.ts";
import { holdMissedBuilds, playHttpBuild } from "../replay/build/play-http-build.ts";
import { refuseBuilds, respondToBuilds } from "../replay/build/respond-to-builds.ts";
import { createReplayControl } from "../replay/control.ts";
import type { Deck } from "../replay/deck/deck.ts";
import { answerIncidentalCalls, answerWindowChanges } from "../replay/incidental-calls.ts";
import type { Miss } from "../replay/miss.ts";
import { createBadHeadMiss } from "../replay/misses/bad-head-miss.ts";
import { playRefusal } from "../replay/misses/play-refusal.ts";
import { refuseHijacks } from "../replay/misses/refuse-hijacks.ts";
import { respondToMiss } from "../replay/misses/respond-to-miss.ts";
import { INSTANT, type Tempo } from "../replay/play/tempo.ts";
import { ReplaySessions, type SessionForCall } from "../replay/replay-sessions.ts";
import { createReport, type ReplayReport } from "../replay/report.ts";
import { type PlayBuild, type RefuseExchange, replay } from "../replay/responder.ts";
import type { Call, Responder } from "../session/call.ts";
import { createWatchfulDaemon } from "../session/daemon.ts";
import { SessionPool } from "../session/grpc/session-pool.ts";
import { countAnswers } from "./count-answers.ts";
import { type LoadDeckOptions, loadDeck } from "./load-deck.ts";
import type { SimulationOptions } from "./mock-responders.ts";
import { LISTEN_TARGET, OPTIONS_OBJECT, REPLAY_SERVICE } from "./mode-kinds.ts";
import type { FaultsInput } from "./parse-faults.ts";
import { createMockPipeline, createPipeline, type ReplayPipeline } from "./pipeline.ts";
import {
  type ListenTarget,
  type ModeService,
  type RunningServer,
  type ServiceOptions,
  startServer,
  warnProcess,
} from "./service.ts";
import { RuleUses } from "./unused-rules.ts";

/** Options of `replayCassettes`. */
export interface ReplayOptions extends ListenTarget {
  /** Paths of cassettes, searched in this order. */
  readonly cassettes: readonly string[];
  /** The command that records what is missing, for the text of a miss. @default `whalesong record` with the cassette */
  readonly recordCommand?: string;
  /** The command that records the cassette anew. @default `recordCommand` */
  readonly recordAnewCommand?: string;
  /** The speed of recorded pauses. @default none: everything is answered at once */
  readonly tempo?: Tempo;
  /** Treats a read that was not recorded at this point of history as a miss. @default false */
  readonly isStrict?: boolean;
  /**
   * Every connection plays the cassettes from the start. Otherwise only the connections that name a session of their
   * own do: `Whalesong-Session: NAME`.
   * @default false
   */
  readonly isPerConnection?: boolean;
  /** Accepts connections on the TCP ports that replayed containers publish, while they run. @default false */
  readonly answersPorts?: boolean;
  /** Throws for a cassette whose recording is unfinished; otherwise it is played with a warning. @default false */
  readonly refusesUnfinished?: boolean;
  /** Rules beside those in the headers of the cassettes. @default none */
  readonly rules?: RuleInput;
  /** What answers a request that is not recorded: a live daemon, or a simulated one. @default none: a miss is an error */
  readonly onMiss?: OnMiss;
  /** What goes wrong: the path of a YAML file, or the faults themselves. @default nothing */
  readonly faults?: FaultsInput;
  /** What chance is made from: the same seed gives the same faults. @default "whalesong", or "on miss" with a mock */
  readonly seed?: string;
  /** Called with problems of the replay itself. @default a process warning */
  readonly warn?: (problem: unknown) => void;
}

/** What answers a request that no cassette has. */
export type OnMiss = { readonly passTo: Upstream } | { readonly mock: SimulationOptions };

const serviceKind: OptionKind = recordOf<ServiceOptions<ReplayOptions>>(REPLAY_SERVICE, OPTIONS_OBJECT, ["cassettes"]);
const replayKind: OptionKind = recordOf<ReplayOptions>({ ...REPLAY_SERVICE, ...LISTEN_TARGET }, OPTIONS_OBJECT, [
  "cassettes",
]);

/**
 * Plays cassettes to the clients that connect to `listen`.
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_NO_CASSETTE`, `WHALESONG_BAD_FAULTS`, `WHALESONG_BAD_STATE`
 * @throws CassetteError if a cassette cannot be parsed; `WHALESONG_UNFINISHED_CASSETTE`, if that is refused
 * @throws EnvironmentError if the address cannot be listened on
 * @example
 * const replay = await replayCassettes({ cassettes: ["web.yaml"] });
 * await new Docker({ socketPath: replay.url.slice("unix://".length) }).ping();
 * const { played, missed, unplayed } = await replay.stop();
 */
export async function replayCassettes(options: ReplayOptions): Promise<RunningServer<ReplayReport>> {
  checkOptions("replayCassettes", options, replayKind);
  return startServer(await openReplayService(options, "replayCassettes"), options);
}

/** A replay without a listener. */
export interface ReplayService extends ModeService<ReplayReport> {
  /** The history that each client is in. */
  readonly sessions: ReplaySessions;
  /** The report up to now. */
  report(): ReplayReport;
}

/**
 * `replayCassettes` without a listener, for an interception.
 * @throws what `replayCassettes` throws
 * @example
 * const service = await createReplayService({ cassettes: ["web.yaml"] });
 * const interception = intercept(service.daemon, { at: ["/nowhere/docker.sock"], onError: service.onError });
 * await new Docker({ socketPath: "/nowhere/docker.sock" }).ping();
 * const { played } = await service.finish();
 * await interception.close();
 */
export async function createReplayService(options: ServiceOptions<ReplayOptions>): Promise<ReplayService> {
  checkOptions("createReplayService", options, serviceKind);
  return openReplayService(options, "createReplayService");
}

/** @param owner the function that was called, for errors */
async function openReplayService(options: ServiceOptions<ReplayOptions>, owner: string): Promise<ReplayService> {
  const { onMiss } = options;
  if (onMiss === undefined) return createOfflineReplay(options);
  const parts = prepareReplay(options);
  if ("mock" in onMiss) {
    const pipeline = await createMockPipeline(onMiss.mock, { ...options, owner }, parts.reportProblem);
    return assembleReplay(parts, pipeline, createPlayers(parts, options));
  }
  // The recorder is loaded on demand: every replay would wait for it.
  const { forwardCalls } = await import("./forward-calls.ts");
  const { answer: forwardCall, end } = forwardCalls(onMiss.passTo, parts.reportProblem);
  const { answer, elsewhere } = countAnswers(forwardCall, "daemon");
  const windowChanges = answerWindowChanges(parts.sessions.decksFor);
  const pipeline = { ...createPipeline([windowChanges, answer], options), elsewhere };
  return { ...assembleReplay(parts, pipeline, createPlayers(parts, options)), release: end };
}

/**
 * A replay whose misses are errors.
 * @param httpOnlyLibrary the mocking library of the clients, if it cannot carry what leaves HTTP: hijacks are refused
 */
export function createOfflineReplay(
  options: Omit<ServiceOptions<ReplayOptions>, "onMiss">,
  httpOnlyLibrary?: string,
): ReplayService {
  const parts = prepareReplay(options);
  const incidental = answerIncidentalCalls(parts.sessions.decksFor);
  const builds = httpOnlyLibrary === undefined ? [refuseBuilds(addMissTo(parts), createPace(parts, options))] : [];
  const pipeline = createPipeline([incidental, ...builds, respondToMiss(parts.sessionFor, options)], options);
  const refuse = httpOnlyLibrary === undefined ? undefined : refuseHijacks(httpOnlyLibrary, parts.sessionFor);
  return assembleReplay(parts, pipeline, createPlayers(parts, options, refuse));
}

/** What every replay has, whatever answers its misses. */
interface ReplayParts {
  readonly sessions: ReplaySessions;
  readonly sessionFor: SessionForCall;
  readonly loadDeck: (path: string) => Deck;
  readonly ruleUses: RuleUses;
  /** The problems reported up to now. */
  readonly problems: readonly unknown[];
  readonly reportProblem: (problem: unknown) => void;
  /** Says what is no problem of the replay. */
  readonly warn: (warning: unknown) => void;
}

type PartOptions = Pick<ReplayOptions, "cassettes" | "isPerConnection"> & LoadDeckOptions;

function prepareReplay(options: PartOptions): ReplayParts {
  const { cassettes, isPerConnection = false, warn = warnProcess } = options;
  const ruleUses = new RuleUses(options.answersPorts ?? false);
  const load = (path: string): Deck =>
    loadDeck(path, { ...options, rules: ruleUses.watch(toTypedPath(path), options.rules) });
  const sessions = new ReplaySessions(cassettes.map(load), { isPerConnection });
  const problems: unknown[] = [];
  return {
    sessions,
    sessionFor: (call) => sessions.findForCall(call),
    loadDeck: load,
    ruleUses,
    problems,
    reportProblem: (problem) => {
      problems.push(problem);
      warn(problem);
    },
    warn,
  };
}

/** What answers from the cassettes. A library that cannot carry hijacks cannot carry builds by BuildKit. */
function createPlayers(
  parts: ReplayParts,
  options: Pick<ReplayOptions, "tempo">,
  refuse?: RefuseExchange,
): readonly Responder[] {
  const { decksFor } = parts.sessions;
  const pace = createPace(parts, options);
  const { clock, tempo, onProblem } = pace;
  const player = { clock, tempo, onProblem, onHang: parts.warn };
  if (refuse !== undefined) return [replay(decksFor, { ...player, refuse })];
  const buildsFor = (call: Call): readonly BuildDeck[] => [...decksFor(call)].map(({ builds }) => builds);
  const playBuild: PlayBuild = (call, { builds }, { entry }) => playHttpBuild(call, builds, entry.index, pace);
  return [
    respondToBuilds({ decksFor: buildsFor, onMiss: addMissTo(parts) }, pace),
    replay(decksFor, { ...player, playBuild }),
    holdMissedBuilds((call) => buildsFor(call).some(({ isEmpty }) => !isEmpty), pace),
  ];
}

function createPace({ reportProblem }: ReplayParts, { tempo = INSTANT }: Pick<ReplayOptions, "tempo">): BuildPace {
  return { clock: systemClock, tempo, limits: BUILD_LIMITS, sessions: new SessionPool(), onProblem: reportProblem };
}

function addMissTo({ sessionFor }: ReplayParts): (call: Call, miss: Miss) => void {
  return (call, miss) => void sessionFor(call).misses.push(miss);
}

/** Control commands, then what stands before the players, the players, and the fallback. */
function assembleReplay(parts: ReplayParts, pipeline: ReplayPipeline, players: readonly Responder[]): ReplayService {
  const { sessions, ruleUses, problems, reportProblem, loadDeck } = parts;
  const { beforePlayer, fallback, commands, end, elsewhere, unusedFaults } = pipeline;
  const control = createReplayControl({ sessions, problems, loadDeck }, commands);
  const report = (): ReplayReport => ({
    ...createReport(sessions.allDecks, sessions.allMisses, problems),
    unusedFaults: unusedFaults(),
    unusedRules: ruleUses.listUnused(sessions.allDecks.map(({ cassette }) => cassette)),
    ...(elsewhere === undefined ? {} : { answeredElsewhere: elsewhere() }),
  });
  const finish = async (): Promise<ReplayReport> => {
    const finalReport = report();
    end();
    await sessions.close();
    return finalReport;
  };
  const onBadHead = (start: Buffer, error: unknown): void => {
    // What cannot be read names no session.
    const { decks, misses } = sessions.main;
    if (playRefusal(start, decks)) return;
    const rules = [...decks].flatMap(({ cassette }) => cassette.header.redact ?? []);
    misses.push(createBadHeadMiss(start, error, rules));
  };
  const daemon = createWatchfulDaemon(onBadHead, control, ...beforePlayer, ...players, ...fallback);
  return { daemon, onError: reportProblem, sessions, report, finish };
}
