/** The faults that an option names: in code, or in a YAML file. */
import type { Fault, FaultLiteral } from "../faults/fault.ts";
import { parseFaultLiterals, readFaults } from "../faults/read-faults.ts";
import { readTextFile } from "../io/disk/read-text-file.ts";

/** The path of a YAML file, or the faults themselves. */
export type FaultsInput = string | readonly FaultLiteral[];

/** @throws UsageError `WHALESONG_BAD_FAULTS`; `WHALESONG_NO_FILE` if the file cannot be read */
export function parseFaults(faults: FaultsInput = []): readonly Fault[] {
  return typeof faults === "string" ? readFaults(readTextFile(faults), faults) : parseFaultLiterals(faults);
}
