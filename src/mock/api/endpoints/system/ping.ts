import type { HeaderField } from "../../../../wire/http/head.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { BytesResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const FRESH: readonly HeaderField[] = [
  ["Cache-Control", "no-cache, no-store, must-revalidate"],
  ["Pragma", "no-cache"],
];

/** Clients negotiate the API version by this response's headers. */
export const ping: Endpoint = { operation: "SystemPing", respond: (_, engine) => createPong(engine, "OK") };

/** Unlike other responses to HEAD, this one has a `Content-Length` of 0. */
export const pingHead: Endpoint = { operation: "SystemPingHead", respond: (_, engine) => createPong(engine, "") };

function createPong({ release, swarm }: Engine, text: string): BytesResponse {
  const contentType = "text/plain; charset=utf-8";
  const state = swarm === undefined ? "inactive" : "active/manager";
  const more: readonly HeaderField[] = [
    ["Builder-Version", "2"],
    ["Swarm", state],
  ];
  const fields = isOlderEngine(release, "28") ? FRESH : [...FRESH, ...more];
  return { kind: "bytes", status: 200, contentType, fields, bytes: Buffer.from(text) };
}
