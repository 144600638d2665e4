/** The responders around the player of a replay: faults in front of it, and a fallback for what no cassette answers. */
import { checkOptions } from "../base/options/check-options.ts";
import { SeededRandom } from "../base/random.ts";
import { faultCommands } from "../faults/fault-commands.ts";
import { injectFaults } from "../faults/fault-responder.ts";
import { FaultSet } from "../faults/fault-set.ts";
import { systemClock } from "../io/clock.ts";
import type { AnsweredElsewhere } from "../replay/report.ts";
import { writeError } from "../replay/write-error.ts";
import type { Responder } from "../session/call.ts";
import type { ControlCommands } from "../session/control.ts";
import { getReasonPhrase } from "../wire/http/reasons.ts";
import { countAnswers } from "./count-answers.ts";
import type { SimulationOptions } from "./mock-responders.ts";
import { ON_MISS_SEED } from "./other-seeds.ts";
import { type FaultsInput, parseFaults } from "./parse-faults.ts";

const DEFAULT_SEED = "whalesong";

/** The order of a replay's responders: `beforePlayer`, then the player, then `fallback`. */
export interface ReplayPipeline {
  readonly beforePlayer: readonly Responder[];
  readonly fallback: readonly Responder[];
  /** Commands of the control endpoint that these responders understand. */
  readonly commands: ControlCommands;
  /** Releases what the responders hold. */
  readonly end: () => void;
  /** The faults for which no request has come. */
  readonly unusedFaults: () => readonly string[];
  /** What `fallback` has answered, where it answers more than misses. */
  readonly elsewhere?: () => AnsweredElsewhere;
}

/** The faults of a replay, and the seed that decides which of them strike by chance. */
export interface FaultSource {
  readonly faults?: FaultsInput;
  /** @default "whalesong" */
  readonly seed?: string;
}

/**
 * Puts faults in front of the player and `fallback` behind it.
 * @throws UsageError `WHALESONG_BAD_FAULTS`
 */
export function createPipeline(
  fallback: readonly Responder[],
  { faults, seed = DEFAULT_SEED }: FaultSource,
): ReplayPipeline {
  const faultSet = new FaultSet(parseFaults(faults));
  const random = new SeededRandom(seed);
  const faultResponder = injectFaults(faultSet, {
    clock: systemClock,
    random: () => random.drawFraction("fault"),
    refuse: (call, status, message) => writeError(call, status, getReasonPhrase(status), message),
  });
  return {
    beforePlayer: [faultResponder],
    fallback,
    commands: faultCommands(faultSet),
    end: () => undefined,
    unusedFaults: () => faultSet.unused,
  };
}

/**
 * Puts a simulated daemon around the player: it observes every call, and answers those that no cassette has. The
 * simulator is loaded on demand, because it is larger than the rest of a replay.
 * @throws UsageError `WHALESONG_BAD_STATE`, `WHALESONG_BAD_FAULTS`
 */
export async function createMockPipeline(
  mock: SimulationOptions,
  { faults, seed, owner }: FaultSource & { readonly owner: string },
  onFault: (problem: unknown) => void,
): Promise<ReplayPipeline> {
  const { createMockResponders, simulationKind } = await import("./mock-responders.ts");
  checkOptions(owner, mock, simulationKind, "onMiss.mock");
  const { simulation, faultSet, before, answers, commands } = createMockResponders({
    onFault,
    seed: seed ?? ON_MISS_SEED,
    ...(faults === undefined ? {} : { faults }),
    ...mock,
  });
  const { answer, elsewhere } = countAnswers(answers, "mock");
  const unusedFaults = (): readonly string[] => faultSet.unused;
  return { beforePlayer: before, fallback: [answer], commands, end: () => simulation.end(), elsewhere, unusedFaults };
}
