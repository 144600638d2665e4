/**
 * The way of most answers, the short one: one write, of bytes that were prepared for the first client that asked. It is
 * taken in the turn in which the request arrived, so nothing of the run can change meanwhile, and neither a promise nor
 * a `LiveExchange` has to hold it together. `playExchange` is the long way.
 */
import type { Exchange } from "../../cassette/model.ts";
import type { Call } from "../../session/call.ts";
import { type EncodedResponse, isPreparable } from "../run/prepared-responses.ts";
import { encodeResponse } from "./play-exchange.ts";
import type { PlaybackContext } from "./playback-context.ts";

/** The bytes of an exchange that is played at once; undefined for one that goes the long way. */
export function prepareResponse(
  call: Call,
  exchange: Exchange,
  context: Pick<PlaybackContext, "run" | "substitution" | "apiVersions" | "tempo">,
): EncodedResponse | undefined {
  if (!context.substitution.isEmpty) return undefined;
  const { preparedResponses } = context.run;
  return preparedResponses.find(exchange, call) ?? encodeFirst(call, exchange, context);
}

function encodeFirst(
  call: Call,
  exchange: Exchange,
  context: Pick<PlaybackContext, "run" | "apiVersions" | "tempo">,
): EncodedResponse | undefined {
  const { response } = exchange;
  if (response === undefined || !isPreparable(exchange, call, context.tempo.scale)) return undefined;
  const body = Buffer.isBuffer(response.body) ? response.body : undefined;
  const encoded = encodeResponse({ call, context }, response, body);
  context.run.preparedResponses.remember(exchange, call, encoded);
  return encoded;
}

/** Writes it. A promise only where the client is slow to take what was written. */
export function sendResponse(call: Call, { status, bytes, isLast }: EncodedResponse): true | Promise<true> {
  call.noteStatus(status);
  if (isLast) call.connectionFate = "close";
  const full = call.connection.write(bytes);
  return full === undefined ? true : full.then(() => true);
}
