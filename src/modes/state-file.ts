/** Reads the state of a simulated daemon, and its faults, from a YAML file. */

import type { Fault } from "../faults/fault.ts";
import { readFaultList } from "../faults/read-faults.ts";
import { readTextFile } from "../io/disk/read-text-file.ts";
import { wrapStateErrors } from "../mock/daemon/control.ts";
import { readState } from "../mock/daemon/fixtures/read-state.ts";
import type { StateLiteral } from "../mock/daemon/fixtures/state-literal.ts";
import { isEmpty, parseYamlDocument, readEntries, type YamlPlace } from "../yaml/place.ts";

export interface StateFile {
  readonly state: StateLiteral;
  readonly faults: readonly Fault[];
}

/** @throws UsageError `WHALESONG_BAD_STATE`; `WHALESONG_NO_FILE` if the file cannot be read */
export function readStateFile(path: string | undefined): StateFile {
  if (path === undefined) return { state: {}, faults: [] };
  const text = readTextFile(path);
  return wrapStateErrors(() => {
    const place = parseYamlDocument({ file: path, text, firstLine: 1 }, "state");
    if (isEmpty(place)) return { state: {}, faults: [] };
    return { state: readState(place, ["faults"]), faults: readFaultsIn(place) };
  });
}

function readFaultsIn(place: YamlPlace): readonly Fault[] {
  const faults = readEntries(place).get("faults");
  return faults === undefined ? [] : readFaultList(faults);
}
