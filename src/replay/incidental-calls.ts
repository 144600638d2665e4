/**
 * Answers calls that come or not as the client's moment has it, and that change nothing that a client could read. So one
 * that was not recorded is no miss: any daemon would answer it.
 *
 * - Changes of the window: how many there are depends on the terminal, the machine and the client's patience (the CLI
 *   repeats a resize until it succeeds).
 * - The cancellation of a build that fails at the client: it is sent unless the build's answer comes first. A daemon
 *   accepts the id of a build that it does not know (moby builder/builder-next/builder.go).
 * - Sessions of BuildKit that no build uses: a recorder keeps none of them, for a session is part of its build.
 */
import { composeHead } from "../cassette/response-head.ts";
import { isWindowChange } from "../match/resources.ts";
import type { Call, Responder } from "../session/call.ts";
import { holdSession } from "./build/hold-session.ts";
import type { Deck } from "./deck/deck.ts";
import type { DecksForCall } from "./replay-sessions.ts";
import { formatHttpDate } from "./run/http-date.ts";

/** For a replay without a daemon behind it. */
export function answerIncidentalCalls(decksFor: DecksForCall): Responder {
  const answerWindowChange = answerWindowChanges(decksFor);
  return async (call) => {
    if (call.operation.name === "Session") return holdSession(call);
    if (call.operation.name !== "BuildCancel") return answerWindowChange(call);
    const [first] = decksFor(call);
    await call.connection.write(encodeEmptyResponse(call, first));
    return true;
  };
}

export function answerWindowChanges(decksFor: DecksForCall): Responder {
  return async (call) => {
    if (!isWindowChange(call.operation)) return false;
    const [first] = decksFor(call);
    if (first?.today.options.rules.allows("window-changes") === false) return false;
    await call.connection.write(encodeEmptyResponse(call, first));
    return true;
  };
}

/** The head has the fields of the first cassette. */
function encodeEmptyResponse(call: Call, deck: Deck | undefined): Buffer {
  const { operation, head, requestsClose } = call;
  const { everyResponse = [], date = formatHttpDate(undefined) } = deck?.run ?? {};
  const [status, reason] = operation.name === "ContainerKill" ? [204, "No Content"] : [200, "OK"];
  const request = { operation: operation.name, method: head.method, asksClose: requestsClose };
  const setting = { ...request, everyResponse, date, bodySize: 0 };
  return call.encodeHead(status, reason, composeHead({ status, headers: [] }, setting));
}
