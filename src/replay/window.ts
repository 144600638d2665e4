/**
 * Changes of the client's window. How many there are depends on the terminal, the machine and the client's patience
 * (the CLI repeats a resize until it succeeds), so one that was not recorded is no miss: it is answered as any daemon
 * would, for it changes nothing that a client could read.
 */
import { composeHead } from "../cassette/implied.ts";
import { isWindowChange } from "../match/resources.ts";
import type { Responder } from "../session/call.ts";
import { httpDate } from "./http-date.ts";
import type { DecksFor } from "./playthrough.ts";

/** Answers in the words of the first cassette. */
export function answerWindowChanges(decksFor: DecksFor): Responder {
  return async (call) => {
    if (!isWindowChange(call.operation)) return false;
    const [first] = decksFor(call);
    if (first?.reading.ruling.means("window-changes") === false) return false;
    const { everyResponse = [], recorded } = first?.cassette.header ?? {};
    const [status, reason] = call.operation.name === "ContainerKill" ? [204, "No Content"] : [200, "OK"];
    const { operation, head, asksClose } = call;
    const asked = { operation: operation.name, method: head.method, asksClose };
    const setting = { ...asked, everyResponse, date: httpDate(recorded?.at), bodySize: 0 };
    await call.connection.write(call.headBytes(status, reason, composeHead({ status, headers: [] }, setting)));
    return true;
  };
}
