/**
 * Answers changes of the client's window. How many there are depends on the terminal, the machine and the client's
 * patience (the CLI repeats a resize until it succeeds). So one that was not recorded is no miss: any daemon would
 * answer it, and it changes nothing that a client could read.
 */
import { composeHead } from "../cassette/response-head.ts";
import { isWindowChange } from "../match/resources.ts";
import type { Call, Responder } from "../session/call.ts";
import type { Deck } from "./deck/deck.ts";
import type { DecksForCall } from "./replay-sessions.ts";
import { formatHttpDate } from "./run/http-date.ts";

/** The head has the fields of the first cassette. */
export function answerWindowChanges(decksFor: DecksForCall): Responder {
  return async (call) => {
    if (!isWindowChange(call.operation)) return false;
    const [first] = decksFor(call);
    if (first?.normalizeOptions.rules.allows("window-changes") === false) return false;
    await call.connection.write(encodeEmptyResponse(call, first));
    return true;
  };
}

function encodeEmptyResponse(call: Call, deck: Deck | undefined): Buffer {
  const { operation, head, requestsClose } = call;
  const { everyResponse = [], date = formatHttpDate(undefined) } = deck?.run ?? {};
  const [status, reason] = operation.name === "ContainerKill" ? [204, "No Content"] : [200, "OK"];
  const request = { operation: operation.name, method: head.method, asksClose: requestsClose };
  const setting = { ...request, everyResponse, date, bodySize: 0 };
  return call.encodeHead(status, reason, composeHead({ status, headers: [] }, setting));
}
