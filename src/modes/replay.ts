/** Replays: answers from cassettes, and asks no daemon. */
import { systemClock } from "../io/clock.ts";
import { connect } from "../io/upstream/connect.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { StatedRules } from "../match/rules/ruling.ts";
import { forward } from "../record/forward.ts";
import { control } from "../replay/control.ts";
import type { Deck } from "../replay/deck/deck.ts";
import { missed } from "../replay/misses/missed.ts";
import { INSTANT, type Tempo } from "../replay/play/tempo.ts";
import { type PlaythroughOf, Playthroughs } from "../replay/playthrough.ts";
import { type ReplayReport, reportOf } from "../replay/report.ts";
import { type Refuse, replay } from "../replay/responder.ts";
import { answerWindowChanges } from "../replay/window.ts";
import type { Responder } from "../session/call.ts";
import { daemon } from "../session/daemon.ts";
import { type Around, aroundSimulation, aroundWith } from "./around.ts";
import { loaded } from "./decks.ts";
import type { FaultsGiven } from "./faults-given.ts";
import { unrecorded } from "./pass.ts";
import { type Reached, type Running, type Service, type ServiceOptions, served, warnProcess } from "./service.ts";
import type { SimulationOptions } from "./simulated.ts";

export interface ReplayOptions extends Reached {
  readonly cassettes: readonly string[];
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

/** Plays cassettes to the clients of `listen`. Nothing is ever asked of a live daemon, unless `onMiss` says so. */
export async function replayCassettes(options: ReplayOptions): Promise<Running<ReplayReport>> {
  return served(await replayService(options), options);
}

/** A replay at work. */
export interface ReplayService extends Service<ReplayReport> {
  readonly playthroughs: Playthroughs;
  /** What it came to so far. */
  report(): ReplayReport;
}

/** What `replayCassettes` does, without a listener. */
export async function replayService(options: ServiceOptions<ReplayOptions>): Promise<ReplayService> {
  const { onMiss } = options;
  if (onMiss === undefined) return replayOnly(options);
  const stage = staged(options);
  const around =
    "mock" in onMiss
      ? await aroundSimulation(onMiss.mock, options, stage.note)
      : aroundWith([stage.window, forward(() => connect(onMiss.passTo), unrecorded(stage.note))], options);
  return playing(stage, around, options);
}

/** Plays, and asks nobody else. `refusing` makes whoever refuses what their clients cannot carry. */
export function replayOnly(
  options: Omit<ServiceOptions<ReplayOptions>, "onMiss">,
  refusing?: (playthroughOf: PlaythroughOf) => Refuse,
): ReplayService {
  const stage = staged(options);
  const around = aroundWith([stage.window, missed(stage.playthroughOf)], options);
  return playing(stage, around, options, refusing?.(stage.playthroughOf));
}

/** What is there before anybody plays. */
interface Stage {
  readonly playthroughs: Playthroughs;
  readonly playthroughOf: PlaythroughOf;
  /** Answers changes of a window that were not recorded. */
  readonly window: Responder;
  readonly load: (path: string) => Deck;
  readonly problems: readonly unknown[];
  readonly note: (problem: unknown) => void;
}

function staged(options: ServiceOptions<ReplayOptions>): Stage {
  const { cassettes, isPerConnection = false, warn = warnProcess } = options;
  const load = (path: string): Deck => loaded(path, options);
  const playthroughs = new Playthroughs(cassettes.map(load), { isPerConnection });
  const problems: unknown[] = [];
  const note = (problem: unknown): void => {
    problems.push(problem);
    warn(problem);
  };
  const window = answerWindowChanges(playthroughs.decksFor);
  return { playthroughs, playthroughOf: (call) => playthroughs.of(call), window, load, problems, note };
}

function playing(
  { playthroughs, problems, note, load }: Stage,
  { commands, before, behind, end }: Around,
  { tempo = INSTANT }: Pick<ReplayOptions, "tempo">,
  refuse?: Refuse,
): ReplayService {
  const player = { clock: systemClock, tempo, onProblem: note, ...(refuse === undefined ? {} : { refuse }) };
  const answers = daemon(
    control({ playthroughs, problems, load }, commands),
    ...before,
    replay(playthroughs.decksFor, player),
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
