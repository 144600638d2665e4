/** Who stands before and behind the player of a replay: faults before it, behind it who answers what is not recorded. */

import { SeededRandom } from "../base/random.ts";
import { faultCommands } from "../faults/fault-commands.ts";
import { injectFaults } from "../faults/fault-responder.ts";
import { FaultSet } from "../faults/fault-set.ts";
import { systemClock } from "../io/clock.ts";
import { sayError } from "../replay/say-error.ts";
import type { Responder } from "../session/call.ts";
import type { Commands } from "../session/control.ts";
import { reasonOf } from "../wire/reasons.ts";
import { type FaultsGiven, faultsGiven } from "./faults-given.ts";
import type { SimulationOptions } from "./simulated.ts";

/** Where nobody says what chance is made from. */
const SEED = "whalesong";

export interface Around {
  readonly before: readonly Responder[];
  readonly behind: readonly Responder[];
  /** What can be told to them while they are at work. */
  readonly commands: Commands;
  readonly end: () => void;
}

interface Spoiled {
  readonly faults?: FaultsGiven;
  readonly seed?: string;
}

/**
 * Faults before the player, and `behind` behind it.
 * @throws UsageError for faults that are none
 */
export function aroundWith(behind: readonly Responder[], { faults: given, seed = SEED }: Spoiled): Around {
  const sheet = new FaultSet(faultsGiven(given));
  const chance = new SeededRandom(seed);
  const spoils = injectFaults(sheet, {
    clock: systemClock,
    random: () => chance.fraction("fault"),
    refuse: (call, status, message) => sayError(call, status, reasonOf(status), message),
  });
  return { before: [spoils], behind, commands: faultCommands(sheet), end: () => undefined };
}

/**
 * A simulated daemon around the player: it sees every call, and answers what nobody else does. Loaded when it is
 * asked for, being larger than all that a replay else needs.
 * @throws UsageError for a state or faults that are none
 */
export async function aroundSimulation(
  mock: SimulationOptions,
  { faults: given, seed }: Spoiled,
  onFault: (problem: unknown) => void,
): Promise<Around> {
  const { simulated } = await import("./simulated.ts");
  const { simulation, before, answers, commands } = simulated({
    onFault,
    ...(seed === undefined ? {} : { seed }),
    ...(given === undefined ? {} : { faults: given }),
    ...mock,
  });
  return { before, behind: [answers], commands, end: () => simulation.end() };
}
