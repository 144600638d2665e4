/**
 * A call in the form in which a deck compares it. Each form is computed once and kept on the call, under the rules and
 * bindings that it depends on: the responders of a replay share it, and so do decks with the same rules.
 */
import type { NormalizedBody } from "../match/normalize-body.ts";
import type { NormalizedRequest } from "../match/normalize-request.ts";
import type { Call } from "../session/call.ts";
import { findProducts } from "../wire/user-agent.ts";
import type { ClientView } from "./deck/client-view.ts";
import type { Deck } from "./deck/deck.ts";

/** Method, path, query and headers. A binding that the deck adds later gives another form, computed once, too. */
export function normalizeCall({ head, operation, normalizedRequests }: Call, deck: Deck): NormalizedRequest {
  const known = normalizedRequests.get(deck.today.wording);
  if (known !== undefined) return known;
  const request = deck.today.normalize({ method: head.method, operation, headers: head.fields });
  normalizedRequests.set(deck.today.wording, request);
  return request;
}

/** Reads the body if no responder has done so yet. */
export function normalizeCallBody(call: Call, deck: Deck): Promise<NormalizedBody> {
  const known = call.normalizedBodies.get(deck.today.wording);
  if (known !== undefined) return known;
  const body = deck.today.normalizeBody(call.operation.name, call.readWholeBody());
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
    products: findProducts(head.fields),
    readBody: () => call.readWholeBody(),
  });
}
