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
import { daemon } from "../session/daemon.ts";
import { type Around, aroundSimulation, faultsBefore } from "./around.ts";
import { loaded } from "./decks.ts";
import { unrecorded } from "./pass.ts";
import { type Reached, type Running, type Service, type ServiceOptions, served, warnProcess } from "./service.ts";
import type { SimulationOptions } from "./simulated.ts";
import type { FaultsGiven } from "./texts.ts";

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
  return served(replayService(options), options);
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
