import type { ControlCommand, ControlCommands } from "../session/control.ts";
import { readControlText, toJsonAnswer } from "../session/control.ts";
import type { Fault } from "./fault.ts";
import type { FaultSet } from "./fault-set.ts";
import { readFaults } from "./read-faults.ts";

/** Commands that list, add and remove faults while clients are served. */
export function faultCommands(faults: FaultSet): ControlCommands {
  const state: ControlCommand = () => toJsonAnswer({ faults: faults.state });
  return new Map<string, ControlCommand>([
    ["GET /_whalesong/faults", state],
    [
      "POST /_whalesong/faults",
      async (call) => {
        faults.add(readFaults(await readControlText(call), "body").map(toRequested));
        return state(call);
      },
    ],
    [
      "DELETE /_whalesong/faults",
      (call) => {
        faults.clear();
        return state(call);
      },
    ],
  ]);
}

/** No file has its line. */
function toRequested(fault: Fault, index: number): Fault {
  return { ...fault, origin: `faults[${index}] of POST /_whalesong/faults` };
}
