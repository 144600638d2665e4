/** The state of a simulated daemon, and its faults, from a file. */

import type { Fault } from "../faults/fault.ts";
import { faultsOf } from "../faults/read.ts";
import { inState } from "../mock/daemon/control.ts";
import type { StateLiteral } from "../mock/daemon/fixtures/literal.ts";
import { stateOf } from "../mock/daemon/fixtures/read.ts";
import { documentOf, entriesOf, isEmpty, type Place } from "../yaml/place.ts";
import { textAt } from "./text-at.ts";

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
