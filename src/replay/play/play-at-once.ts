/**
 * The way of most answers, the short one: one write, of bytes that were prepared for the first client that asked. It is
 * taken in the turn in which the request arrived, so nothing of the run can change meanwhile, and neither a promise nor
 * a `LiveExchange` has to hold it together. `playExchange` is the long way.
 */
import type { Exchange } from "../../cassette/model.ts";
import type { Call } from "../../session/call.ts";
import type { DeckRun } from "../run/deck-run.ts";
import { type EncodedResponse, isPreparable } from "../run/prepared-responses.ts";
import { encodeResponse } from "./play-exchange.ts";
import type { Tempo } from "./tempo.ts";

/** The bytes of an exchange that is played at once; undefined for one that goes the long way. */
export function prepareResponse(
  call: Call,
  exchange: Exchange,
  run: DeckRun,
  tempo: Tempo,
): EncodedResponse | undefined {
  return run.preparedResponses.find(exchange, call) ?? encodeFirst(call, exchange, run, tempo);
}

function encodeFirst(call: Call, exchange: Exchange, run: DeckRun, tempo: Tempo): EncodedResponse | undefined {
  const { response } = exchange;
  if (response === undefined || !isPreparable(exchange, call, tempo.scale)) return undefined;
  const body = Buffer.isBuffer(response.body) ? response.body : undefined;
  // Only a ping depends on the versions that were recorded, and it is not prepared.
  const encoded = encodeResponse({ call, context: { run, apiVersions: () => [] } }, response, body);
  run.preparedResponses.remember(exchange, call, encoded);
  return encoded;
}

/** Writes it. A promise only where the client is slow to take what was written. */
export function sendResponse(call: Call, { status, bytes, isLast }: EncodedResponse): true | Promise<true> {
  call.noteStatus(status);
  if (isLast) call.connectionFate = "close";
  const full = call.connection.write(bytes);
  return full === undefined ? true : full.then(() => true);
}
