/**
 * A call in the form in which a deck compares it. Each form is computed once and kept, under the rules and bindings that
 * it depends on: that of the head for all calls with equal heads, that of the body for the call. The responders of a
 * replay share it, and so do decks with the same rules.
 */
import type { NormalizedBody } from "../match/normalize/normalize-body.ts";
import type { NormalizedRequest } from "../match/normalize/normalize-request.ts";
import type { Call } from "../session/call.ts";
import { findProducts } from "../wire/http/user-agent.ts";
import type { ClientView } from "./deck/client-view.ts";
import type { Deck } from "./deck/deck.ts";

/** Forms of one head. Each binding makes another one, and the earlier ones are not needed any more. */
const REMEMBERED = 8;

/** Method, path, query and headers. A binding that the deck adds later gives another form, computed once, too. */
export function normalizeCall({ head, operation, request }: Call, deck: Deck): NormalizedRequest {
  const { normalizedRequests } = request;
  const { wording } = deck.today;
  const known = normalizedRequests.get(wording);
  if (known !== undefined) return known;
  const normalized = deck.today.normalize({ method: head.method, operation, headers: head.fields });
  if (normalizedRequests.size >= REMEMBERED) normalizedRequests.clear();
  normalizedRequests.set(wording, normalized);
  return normalized;
}

/** Reads the body if no responder has done so yet. A promise only where it has to be waited for. */
export function normalizeCallBody(call: Call, deck: Deck): NormalizedBody | Promise<NormalizedBody> {
  const known = call.normalizedBodies.get(deck.today.wording);
  if (known !== undefined) return known;
  const body = deck.today.normalizeBody(call.operation.name, call.readArrivedBody() ?? call.readWholeBody());
  call.normalizedBodies.set(deck.today.wording, body);
  return body;
}

/** The same by the rules of the client that asks; undefined where they are those of all clients of the recording. */
export function viewAsClient(call: Call, deck: Deck): ClientView | undefined {
  const { head, operation } = call;
  return deck.views.createView({
    method: head.method,
    operation,
    headers: head.fields,
    findProducts: () => findProducts(head.fields),
    readBody: () => call.readWholeBody(),
  });
}
