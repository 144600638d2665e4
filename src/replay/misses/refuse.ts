/**
 * What a mocking library cannot carry: it knows a request and its answer, and no connection on which both sides go on
 * talking. Such an exchange is refused at once, in the daemon's voice, and counted as missed; it is never half played.
 */
import { isHijacked } from "../../cassette/implied.ts";
import type { Cassette, Entry } from "../../cassette/read.ts";
import { parseOperation } from "../../wire/operation.ts";
import type { PlaythroughOf } from "../playthrough.ts";
import type { Refuse } from "../responder.ts";
import { sayError } from "../say-error.ts";

/** The operations whose answer may leave HTTP; no other document needs to be parsed to know that it does not. */
const MAY_HIJACK: ReadonlySet<string> = new Set([
  "ContainerAttach",
  "ContainerAttachWebsocket",
  "ExecStart",
  "Session",
  "Grpc",
  "Unknown",
]);

/** The exchanges of a cassette that leave HTTP: attach and exec, websockets, BuildKit's sessions. */
export function hijacksOn({ entries }: Cassette): readonly Entry[] {
  return entries.filter((entry) => {
    const { response } = MAY_HIJACK.has(operationOf(entry)) ? entry.exchange() : {};
    return response !== undefined && isHijacked(response);
  });
}

function operationOf({ method, target }: Entry): string {
  return parseOperation(method, target).name;
}

/** Refuses what leaves HTTP; `carrier` is who cannot carry it. */
export function refuseHijacks(carrier: string, playthroughOf: PlaythroughOf): Refuse {
  return async (call, deck, { entry }) => {
    const { name, response, stream = [] } = entry.exchange();
    if (response === undefined || !isHijacked(response)) return false;
    // It was requested, and more than that no cue waits for.
    if (name !== undefined) deck.cues.fire(name);
    // Its client hears nothing of it: nobody has to wait until it has.
    for (const event of stream) if (event.kind === "mark") deck.marks.fire(event.name);
    const place = `${deck.cassette.file}:${entry.line}`;
    const { method, target } = call.head;
    const message = `${method} ${target} ${notCarried(carrier, place)}`;
    playthroughOf(call).misses.push({
      code: "WHALESONG_NOT_CARRIED",
      method,
      target,
      nearest: { place, name: entry.name, differences: [] },
      message,
    });
    await sayError(call, 501, "Not Implemented", message);
    return true;
  };
}

function notCarried(carrier: string, place: string): string {
  return [
    `leaves HTTP, and ${carrier} cannot carry that`,
    "",
    `It was recorded (${place}), but behind its answer both sides go on talking on the connection, of which`,
    `${carrier} shows neither.`,
    "",
    "You can",
    "  - replay this cassette with whalesong/intercept, in the same process and without a socket",
    "  - replay it on a socket:  whalesong replay, or replayCassettes()",
    "[WHALESONG_NOT_CARRIED]  whalesong help WHALESONG_NOT_CARRIED",
  ].join("\n");
}
