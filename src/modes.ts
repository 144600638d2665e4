/**
 * The modes: each a list of who answers, in which order. Below this floor nobody asks which mode it is.
 */
import { existsSync, statSync } from "node:fs";
import { WhalesongError } from "./base/errors.ts";
import { checkCassette } from "./cassette/check.ts";
import type { CassetteHeader } from "./cassette/model.ts";
import type { Cassette } from "./cassette/read.ts";
import { keepOldPreamble, keepOldText } from "./cassette/rerecord.ts";
import { systemClock } from "./io/clock.ts";
import { diskStore } from "./io/disk/disk-store.ts";
import { readCassette, sidecarFile } from "./io/disk/read-cassette.ts";
import { freshSocketUrl, type ListenOptions, listen } from "./io/listen/listen.ts";
import { publishPort } from "./io/listen/published-port.ts";
import { connect } from "./io/upstream/connect.ts";
import type { Upstream } from "./io/upstream/upstream.ts";
import type { StatedRules } from "./match/rules/ruling.ts";
import { type Around, aroundSimulation, faultsBefore } from "./modes/around.ts";
import type { SimulationOptions } from "./modes/simulated.ts";
import type { FaultsGiven } from "./modes/texts.ts";
import { forward } from "./record/forward.ts";
import { noStore } from "./record/no-store.ts";
import { relay } from "./record/relay.ts";
import { type RecordingReport, Tape } from "./record/tape.ts";
import { control, refuseControl } from "./replay/control.ts";
import { Deck, type DeckOptions } from "./replay/deck/deck.ts";
import { missed } from "./replay/misses/missed.ts";
import { INSTANT, type Tempo } from "./replay/play/tempo.ts";
import { type PlaythroughOf, Playthroughs } from "./replay/playthrough.ts";
import { type ReplayReport, reportOf } from "./replay/report.ts";
import { type Refuse, replay } from "./replay/responder.ts";
import { answerWindowChanges } from "./replay/window.ts";
import type { Responder } from "./session/call.ts";
import type { Daemon } from "./session/connection.ts";
import { daemon } from "./session/daemon.ts";
import { version } from "./version.ts";

/** Cassettes up to this size are parsed whole before they are played, so that a fault shows before it is met. */
const CHECKED_SIZE = 4 * 1024 * 1024;

export interface RecordOptions {
  readonly cassette: string;
  readonly upstream: Upstream;
  /** `record` starts over; `append` plays what is known and records what is not. */
  readonly mode?: "record" | "append";
  /** `unix:///path` or `tcp://host:port`; default: a socket in a fresh private folder. */
  readonly listen?: string;
  readonly tls?: ListenOptions["tls"];
  readonly exactTiming?: boolean;
  /** Rules for the cassette's header, beside those that it has. */
  readonly rules?: StatedRules;
  /** Told once if the recording fails; the traffic goes on. */
  readonly warn?: (problem: unknown) => void;
}

export interface ReplayOptions {
  readonly cassettes: readonly string[];
  readonly listen?: string;
  readonly tls?: ListenOptions["tls"];
  readonly tempo?: Tempo;
  readonly isStrict?: boolean;
  /** Every connection plays the cassettes from the start. Else only those that say so do: `Whalesong-Session: NAME`. */
  readonly isPerConnection?: boolean;
  /** Has the ports answered on this machine that containers publish, while they run. */
  readonly answersPorts?: boolean;
  /** More rules than those in the cassettes' headers. */
  readonly rules?: StatedRules;
  /** Who answers what is not recorded: a live daemon, or a simulated one. Default: nobody, a miss is an error. */
  readonly onMiss?: { readonly passTo: Upstream } | { readonly mock: SimulationOptions };
  /** What goes wrong: a YAML file, or the faults themselves. */
  readonly faults?: FaultsGiven;
  /** What chance is made from: the same, if it is the same. */
  readonly seed?: string;
  readonly warn?: (problem: unknown) => void;
}

/** All that is not a listener's. */
export type ServiceOptions<Options> = Omit<Options, "listen" | "tls">;

/** A mode at work, whoever brings it its connections: a listener, or an interception. */
export interface Service<Report> {
  /** Holds each client's connection. */
  readonly daemon: Daemon;
  /** Told what the daemon throws. */
  readonly onError: (problem: unknown) => void;
  /** Puts everything in its place. What is still open then counts as cut or stalled, not as ended by us. */
  finish(): Promise<Report>;
}

/** A recording or a replay that accepts connections. */
export interface Running<Report> {
  /** What DOCKER_HOST is to be. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Ends it: nothing is accepted any more, and everything is in its place. Later calls give the same report. */
  stop(): Promise<Report>;
}

/**
 * Records everything that passes between the clients of `listen` and the daemon at `upstream`.
 * @throws CassetteError if there is a cassette that cannot be understood: it is never overwritten
 * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE` if there is no daemon
 */
export async function record(options: RecordOptions): Promise<Running<RecordingReport>> {
  return served(await recordService(options), options);
}

/** Plays cassettes to the clients of `listen`. Nothing is ever asked of a live daemon, unless `onMiss` says so. */
export async function replayCassettes(options: ReplayOptions): Promise<Running<ReplayReport>> {
  return served(replayService(options), options);
}

/** What `record` does, without a listener. */
export async function recordService(options: ServiceOptions<RecordOptions>): Promise<Service<RecordingReport>> {
  const { cassette: path, mode = "record", warn = warnProcess } = options;
  const previous = existsSync(path) ? readCassette(path) : undefined;
  if (previous !== undefined) refuseFaulty(previous);
  const reach = (): ReturnType<typeof connect> => connect(options.upstream);
  await knock(reach);
  const tape = new Tape({
    store: diskStore(path, { mode }),
    clock: systemClock,
    recorded: { at: new Date().toISOString().slice(0, 10), by: `whalesong ${version}` },
    ...(previous === undefined
      ? {}
      : { previous: { header: headerOf(previous, mode), names: namesOf(previous, mode) } }),
    ...(mode === "record" ? { keep: keepOldText(previous) } : {}),
    keepHeader: (text) => keepOldPreamble(previous, text),
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    ...(options.exactTiming === undefined ? {} : { exactTiming: options.exactTiming }),
    warn,
  });
  const answers =
    mode === "append" && previous !== undefined
      ? appending(previous, options, forward(reach, tape))
      : relay(reach, tape);
  return { daemon: answers, onError: warn, finish: () => tape.finish() };
}

function appending(previous: Cassette, { cassette, rules }: RecordOptions, last: Responder): Daemon {
  const decks = [deckOf(previous, cassette, { rules: onlyStated(rules) })];
  const known = replay(() => decks, { clock: systemClock });
  return daemon(refuseControl, known, last);
}

/** Where what is unknown is to be recorded, another run's values are no reason to play what is known. */
function onlyStated(rules: StatedRules = {}): StatedRules {
  return { ...rules, exact: [...(rules.exact ?? []), "made-up-values"] };
}

/** A daemon that is not there is told before anything is begun, not to every client. */
async function knock(reach: () => ReturnType<typeof connect>): Promise<void> {
  (await reach()).reset();
}

/** A replay at work. */
export interface ReplayService extends Service<ReplayReport> {
  readonly playthroughs: Playthroughs;
  /** What it came to so far. */
  report(): ReplayReport;
}

/** What `replayCassettes` does, without a listener. `refusing` makes whoever refuses what their clients cannot carry. */
export function replayService(
  options: ServiceOptions<ReplayOptions>,
  refusing?: (playthroughOf: PlaythroughOf) => Refuse,
): ReplayService {
  const { cassettes, tempo = INSTANT, isPerConnection = false, warn = warnProcess } = options;
  const load = (path: string): Deck => loaded(path, options);
  const playthroughs = new Playthroughs(cassettes.map(load), { isPerConnection });
  const playthroughOf: PlaythroughOf = (call) => playthroughs.of(call);
  const problems: unknown[] = [];
  const note = (problem: unknown): void => {
    problems.push(problem);
    warn(problem);
  };
  const refuse = refusing === undefined ? {} : { refuse: refusing(playthroughOf) };
  const { commands, before, behind, end } = around(options, playthroughs, note);
  const answers = daemon(
    control({ playthroughs, problems, load }, commands),
    ...before,
    replay(playthroughs.decksFor, { clock: systemClock, tempo, onProblem: note, ...refuse }),
    ...behind,
  );
  const report = (): ReplayReport => reportOf(playthroughs.decks, playthroughs.misses, problems);
  const finish = async (): Promise<ReplayReport> => {
    const finished = report();
    end();
    await playthroughs.close();
    return finished;
  };
  return { daemon: answers, onError: note, playthroughs, report, finish };
}

/** What `passthrough` does: a byte proxy. */
export function passService(upstream: Upstream, warn: (problem: unknown) => void = warnProcess): Service<undefined> {
  const reach = (): ReturnType<typeof connect> => connect(upstream);
  return { daemon: relay(reach, unrecorded(warn)), onError: warn, finish: async () => undefined };
}

/** Who stands before and behind the player. */
function around(options: ReplayOptions, playthroughs: Playthroughs, note: (problem: unknown) => void): Around {
  const { onMiss } = options;
  if (onMiss !== undefined && "mock" in onMiss) return aroundSimulation(onMiss.mock, options, note);
  const last =
    onMiss === undefined
      ? missed((call) => playthroughs.of(call))
      : forward(() => connect(onMiss.passTo), unrecorded(note));
  return { ...faultsBefore(options), behind: [answerWindowChanges(playthroughs.decksFor), last], end: () => undefined };
}

/** Traffic that is let through leaves no trace. */
function unrecorded(warn: (problem: unknown) => void): Tape {
  return new Tape({ store: noStore, clock: systemClock, recorded: { at: "", by: "" }, warn });
}

function loaded(path: string, options: ReplayOptions): Deck {
  const { isStrict = false, answersPorts = false, rules, warn = warnProcess } = options;
  const cassette = readCassette(path);
  if (cassette.header.isUnfinished)
    warn(new Error(`${path}: its recording was not finished; what follows is all there is of it`));
  if (statSync(path).size <= CHECKED_SIZE) refuseFaulty(cassette);
  return deckOf(cassette, path, {
    isStrict,
    ...(answersPorts ? { publish: publishPort } : {}),
    ...(rules === undefined ? {} : { rules }),
  });
}

function refuseFaulty(cassette: Cassette): void {
  const [fault] = checkCassette(cassette);
  if (fault !== undefined) throw fault;
}

function deckOf(cassette: Cassette, path: string, options: Omit<DeckOptions, "pieces">): Deck {
  const verified = new Map<string, Promise<void>>();
  return new Deck(cassette, {
    ...options,
    pieces: async function* (ref) {
      const file = sidecarFile(path, ref);
      const check = verified.get(ref.path) ?? file.verify();
      verified.set(ref.path, check);
      await check;
      yield* file.pieces();
    },
  });
}

/** A recording that starts over is of other clients. */
function headerOf({ header }: Cassette, mode: "record" | "append"): CassetteHeader {
  const { client: _, ...recorded } = header.recorded ?? {};
  return mode === "append" ? header : { ...header, recorded };
}

function namesOf(previous: Cassette, mode: "record" | "append"): string[] {
  return mode === "record" ? [] : previous.entries.flatMap(({ name }) => name ?? []);
}

async function served<Report>(
  { daemon: answers, onError, finish }: Service<Report>,
  { listen: url = freshSocketUrl(), tls }: Pick<RecordOptions, "listen" | "tls">,
): Promise<Running<Report>> {
  const listener = await listen(url, answers, { onError, ...(tls === undefined ? {} : { tls }) });
  let stopped: Promise<Report> | undefined;
  const stop = async (): Promise<Report> => {
    const report = await finish();
    await listener.close();
    return report;
  };
  return {
    url: listener.url,
    get connections() {
      return listener.connections;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function warnProcess(problem: unknown): void {
  process.emitWarning(problem instanceof WhalesongError ? `${problem.code}: ${problem.message}` : String(problem));
}
