/**
 * Responses that leave with the same bytes for each client that asks in the same way: head and body in one buffer,
 * encoded for the first of them.
 */

import type { Exchange, RecordedResponse } from "../../cassette/model.ts";
import { isHijacked } from "../../cassette/response-head.ts";
import type { Call } from "../../session/call.ts";
import { isPing } from "../history/collect-api-versions.ts";

/** In bytes. A longer body is joined to its head for each client: the copy costs little beside the write. */
const BODY_LIMIT = 64 * 1024;

/** A response that is written at once. */
export interface EncodedResponse {
  readonly status: number;
  /** The head and the body. */
  readonly bytes: Buffer;
  /** Whether our half of the connection ends behind it. */
  readonly isLast: boolean;
}

/** One response for each HTTP version and fate of the connection: all else that a head depends on is fixed. */
interface ResponseVariants {
  latest?: EncodedResponse;
  latestClose?: EncodedResponse;
  old?: EncodedResponse;
  oldClose?: EncodedResponse;
}

export class PreparedResponses {
  readonly #known = new WeakMap<Exchange, ResponseVariants>();

  find(exchange: Exchange, { request: { head, asksClose } }: Call): EncodedResponse | undefined {
    return this.#known.get(exchange)?.[nameVariant(head.version, asksClose)];
  }

  /** @param encoded of an exchange that `isPreparable` */
  remember(exchange: Exchange, { request: { head, asksClose } }: Call, encoded: EncodedResponse): void {
    const known = this.#known.get(exchange) ?? {};
    this.#known.set(exchange, known);
    known[nameVariant(head.version, asksClose)] = encoded;
  }
}

function nameVariant(version: string, asksClose: boolean): keyof ResponseVariants {
  if (version === "HTTP/1.0") return asksClose ? "oldClose" : "old";
  return asksClose ? "latestClose" : "latest";
}

/**
 * Whether an exchange is one write, whose bytes depend on nothing but the recording, the HTTP version and the fate of the
 * connection. Only what has to be waited for, and values that stand for others today, can make it more.
 * @param scale how recorded waits are kept: 0 for not at all
 */
export function isPreparable({ response, stream }: Exchange, { operation }: Call, scale: number): boolean {
  if (response === undefined || stream !== undefined || isHijacked(response)) return false;
  const isOrdered = response.cues !== undefined || response.untils !== undefined || response.isLeft === true;
  const hasWaits = isOrdered || (response.waitMs ?? 0) * scale > 0;
  return !hasWaits && isSmall(response) && !HAS_RULES_OF_ITS_OWN.has(operation.name) && !isPing(operation.name);
}

/** The two requests of a build wait for each other. */
const HAS_RULES_OF_ITS_OWN: ReadonlySet<string> = new Set(["ImageBuild", "Session"]);

function isSmall({ body }: RecordedResponse): boolean {
  return body === undefined || (Buffer.isBuffer(body) && body.length <= BODY_LIMIT);
}
