/**
 * Refuses what a mocking library cannot carry. Such a library knows a request and its response, and no connection on
 * which both sides talk on. The client gets an error at once and the exchange counts as missed: it is never half played.
 */

import type { Exchange } from "../../cassette/model.ts";
import type { Cassette, CassetteEntry } from "../../cassette/read.ts";
import { isHijacked } from "../../cassette/response-head.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import type { SessionForCall } from "../replay-sessions.ts";
import type { RefuseExchange } from "../responder.ts";
import { writeError } from "../write-error.ts";

/** Only responses of these operations may leave HTTP. The documents of all others need not be parsed. */
const MAY_HIJACK: ReadonlySet<string> = new Set([
  "ContainerAttach",
  "ContainerAttachWebsocket",
  "ExecStart",
  "Session",
  "Grpc",
  "BuildSolve",
  "BuildRead",
  "ImageBuild",
  "Unknown",
]);

/** The exchanges of a cassette that leave HTTP: attach and exec, websockets, BuildKit's sessions. */
export function findHijacks({ entries }: Cassette): readonly CassetteEntry[] {
  return entries.filter((entry) => {
    return MAY_HIJACK.has(parseOperationName(entry)) && leavesHttp(entry.readExchange());
  });
}

/** A build by BuildKit needs a session beside it, whose connection carries gRPC. */
function leavesHttp({ response, build, call }: Exchange): boolean {
  return build !== undefined || call !== undefined || (response !== undefined && isHijacked(response));
}

function parseOperationName({ method, target }: CassetteEntry): string {
  return parseOperation(method, target).name;
}

/** @param library the name of the library that cannot carry a hijack */
export function refuseHijacks(library: string, sessionFor: SessionForCall): RefuseExchange {
  return async (call, deck, { entry }) => {
    const exchange = entry.readExchange();
    if (!leavesHttp(exchange)) return false;
    const { name, stream = [] } = exchange;
    // A cue waits for the request only, and the request has come.
    if (name !== undefined) deck.run.cues.fire(name);
    // The client never reaches a mark of this stream: no other stream may wait for one.
    for (const event of stream) if (event.kind === "mark") deck.run.marks.fire(event.name);
    const place = `${deck.cassette.file}:${entry.line}`;
    const { method, target } = call.head;
    const message = `${method} ${target} ${describeNotCarried(library, place)}`;
    sessionFor(call).misses.push({
      code: "WHALESONG_NOT_CARRIED",
      method,
      target,
      nearest: { place, name: entry.name, differences: [] },
      message,
    });
    await writeError(call, 501, "Not Implemented", message);
    return true;
  };
}

function describeNotCarried(library: string, place: string): string {
  return [
    `leaves HTTP, and ${library} cannot carry that`,
    "",
    `It was recorded (${place}), but behind its answer both sides go on talking on the connection, of which`,
    `${library} shows neither.`,
    "",
    "You can",
    "  - replay this cassette with whalesong/intercept, in the same process and without a socket",
    "  - replay it on a socket:  whalesong replay, or replayCassettes()",
    "[WHALESONG_NOT_CARRIED]  whalesong help WHALESONG_NOT_CARRIED",
  ].join("\n");
}
