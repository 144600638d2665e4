/**
 * Responses that leave with the same bytes for each client that asks in the same way: head and body in one buffer,
 * encoded for the first of them.
 */

import type { RecordedResponse } from "../../cassette/model.ts";
import { isHijacked } from "../../cassette/response-head.ts";
import type { Call } from "../../session/call.ts";
import { isPing } from "../history/collect-api-versions.ts";
import type { TextSubstitution } from "./substitution.ts";

/** In bytes. A longer body is joined to its head for each client: the copy costs little beside the write. */
const BODY_LIMIT = 64 * 1024;

/** A response that is written at once. */
export interface EncodedResponse {
  /** The head and the body. */
  readonly bytes: Buffer;
  /** Whether our half of the connection ends behind it. */
  readonly isLast: boolean;
}

export class PreparedResponses {
  /** By HTTP version and the fate of the connection: for one recorded response, all else that a head depends on is fixed. */
  readonly #known = new WeakMap<RecordedResponse, Map<string, EncodedResponse>>();

  getOrEncode(
    response: RecordedResponse,
    { head, requestsClose }: Call,
    encode: () => EncodedResponse,
  ): EncodedResponse {
    const prepared = this.#getOrCreate(response);
    const key = requestsClose ? `${head.version} close` : head.version;
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const encoded = encode();
    prepared.set(key, encoded);
    return encoded;
  }

  #getOrCreate(response: RecordedResponse): Map<string, EncodedResponse> {
    const known = this.#known.get(response);
    if (known !== undefined) return known;
    const created = new Map<string, EncodedResponse>();
    this.#known.set(response, created);
    return created;
  }
}

/** Whether the bytes depend on nothing but the recording, the HTTP version and the fate of the connection. */
export function isPreparable(response: RecordedResponse, { operation }: Call, substitution: TextSubstitution): boolean {
  const { body } = response;
  const isSmall = body === undefined || (Buffer.isBuffer(body) && body.length <= BODY_LIMIT);
  return isSmall && substitution.isEmpty && !isPing(operation.name) && !isHijacked(response);
}
