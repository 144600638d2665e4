/** Who stands before and behind the player of a replay: faults, a simulated daemon. */
import { faultCommands } from "../faults/control.ts";
import { faults } from "../faults/faults.ts";
import { FaultSheet } from "../faults/sheet.ts";
import { systemClock } from "../io/clock.ts";
import { Seed } from "../mock/seed/seed.ts";
import { sayError } from "../replay/say-error.ts";
import type { Responder } from "../session/call.ts";
import type { Commands } from "../session/control.ts";
import { reasonOf } from "../wire/reasons.ts";
import { type SimulationOptions, simulated } from "./simulated.ts";
import { type FaultsGiven, faultsGiven } from "./texts.ts";

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

/** @throws UsageError for faults that are none */
export function faultsBefore({ faults: given, seed = SEED }: Spoiled): Pick<Around, "before" | "commands"> {
  const sheet = new FaultSheet(faultsGiven(given));
  const chance = new Seed(seed);
  const spoils = faults(sheet, {
    clock: systemClock,
    random: () => chance.fraction("fault"),
    refuse: (call, status, message) => sayError(call, status, reasonOf(status), message),
  });
  return { before: [spoils], commands: faultCommands(sheet) };
}

/** @throws UsageError for a state or faults that are none */
export function aroundSimulation(
  mock: SimulationOptions,
  { faults: given, seed }: Spoiled,
  onFault: (problem: unknown) => void,
): Around {
  const { simulation, before, answers, commands } = simulated({
    onFault,
    ...(seed === undefined ? {} : { seed }),
    ...(given === undefined ? {} : { faults: given }),
    ...mock,
  });
  return { before, behind: [answers], commands, end: () => simulation.end() };
}
