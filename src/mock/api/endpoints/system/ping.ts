import type { HeaderField } from "../../../../wire/head.ts";
import type { BytesResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const FRESH: readonly HeaderField[] = [
  ["Cache-Control", "no-cache, no-store, must-revalidate"],
  ["Pragma", "no-cache"],
];

/** Clients negotiate the API version by this response's headers. */
export const ping: Endpoint = { operation: "SystemPing", respond: () => createPong("OK") };

/** Unlike other responses to HEAD, this one has a `Content-Length` of 0. */
export const pingHead: Endpoint = { operation: "SystemPingHead", respond: () => createPong("") };

function createPong(text: string): BytesResponse {
  const contentType = "text/plain; charset=utf-8";
  return { kind: "bytes", status: 200, contentType, fields: FRESH, bytes: Buffer.from(text) };
}
