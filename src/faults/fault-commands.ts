import type { Command, Commands } from "../session/control.ts";
import { controlText, okJson } from "../session/control.ts";
import type { FaultSet } from "./fault-set.ts";
import { readFaults } from "./read-faults.ts";

/** Commands that list, add and remove faults while clients are served. */
export function faultCommands(sheet: FaultSet): Commands {
  const state: Command = () => okJson({ faults: sheet.state });
  return new Map<string, Command>([
    ["GET /_whalesong/faults", state],
    [
      "POST /_whalesong/faults",
      async (call) => {
        sheet.add(readFaults(await controlText(call), "body"));
        return state(call);
      },
    ],
    [
      "DELETE /_whalesong/faults",
      (call) => {
        sheet.replace([]);
        return state(call);
      },
    ],
  ]);
}
