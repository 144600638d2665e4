import type { Operation } from "./operation.ts";

/** Behind their answers both sides talk on, in a way that clients of HTTP alone have not. */
const NOT_HTTP: ReadonlySet<string> = new Set([
  "ContainerAttach",
  "ContainerAttachWebsocket",
  "ExecStart",
  "Grpc",
  "Session",
]);

/** The operation of a request that leaves HTTP, which curl cannot follow; undefined for every other one. */
export function findUpgrade(method: string, { name }: Operation): string | undefined {
  return method === "GRPC" || NOT_HTTP.has(name) ? name : undefined;
}
