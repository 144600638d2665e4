/** Faults that stand in a file, or in code. */
import type { Fault, FaultLiteral } from "../faults/fault.ts";
import { parseFaultLiterals, readFaults } from "../faults/read-faults.ts";
import { textAt } from "./text-at.ts";

/** A file's path, or the faults themselves. */
export type FaultsGiven = string | readonly FaultLiteral[];

/** @throws UsageError `WHALESONG_BAD_FAULTS`, or `WHALESONG_NO_FILE` where it cannot be read */
export function faultsGiven(given: FaultsGiven = []): readonly Fault[] {
  return typeof given === "string" ? readFaults(textAt(given), given) : parseFaultLiterals(given);
}
