/** Faults and states that stand in files, or in code. */
import { readFileSync } from "node:fs";
import { UsageError } from "../base/errors.ts";
import { documentOf, entriesOf, isEmpty, type Place } from "../cassette/read/place.ts";
import type { Fault, FaultLiteral } from "../faults/fault.ts";
import { faultsFrom, faultsOf, readFaults } from "../faults/read.ts";
import { inState } from "../mock/control.ts";
import type { StateLiteral } from "../mock/literal/literal.ts";
import { stateOf } from "../mock/literal/read.ts";

/** A file's path, or the faults themselves. */
export type FaultsGiven = string | readonly FaultLiteral[];

/** @throws UsageError `WHALESONG_BAD_FAULTS`, or `WHALESONG_NO_FILE` where it cannot be read */
export function faultsGiven(given: FaultsGiven = []): readonly Fault[] {
  return typeof given === "string" ? readFaults(textAt(given), given) : faultsFrom(given);
}

export interface StateFile {
  readonly state: StateLiteral;
  readonly faults: readonly Fault[];
}

/** @throws UsageError `WHALESONG_BAD_STATE`, or `WHALESONG_NO_FILE` where it cannot be read */
export function readStateFile(path: string | undefined): StateFile {
  if (path === undefined) return { state: {}, faults: [] };
  const text = textAt(path);
  return inState(() => {
    const place = documentOf({ file: path, text, firstLine: 1 }, "state");
    if (isEmpty(place)) return { state: {}, faults: [] };
    return { state: stateOf(place, ["faults"]), faults: faultsIn(place) };
  });
}

function faultsIn(place: Place): readonly Fault[] {
  const faults = entriesOf(place).get("faults");
  return faults === undefined ? [] : faultsOf(faults);
}

function textAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const message = `cannot read \`${path}\`: ${(cause as Error).message}`;
    throw new UsageError("WHALESONG_NO_FILE", message, { cause, fields: { path } });
  }
}
