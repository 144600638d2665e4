/** The state of a simulated daemon, and its faults, from a file. */

import type { Fault } from "../faults/fault.ts";
import { readFaultList } from "../faults/read-faults.ts";
import { wrapStateErrors } from "../mock/daemon/control.ts";
import { readState } from "../mock/daemon/fixtures/read-state.ts";
import type { StateLiteral } from "../mock/daemon/fixtures/state-literal.ts";
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
  return wrapStateErrors(() => {
    const place = documentOf({ file: path, text, firstLine: 1 }, "state");
    if (isEmpty(place)) return { state: {}, faults: [] };
    return { state: readState(place, ["faults"]), faults: faultsIn(place) };
  });
}

function faultsIn(place: Place): readonly Fault[] {
  const faults = entriesOf(place).get("faults");
  return faults === undefined ? [] : readFaultList(faults);
}
