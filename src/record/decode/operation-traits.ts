/** What is known beforehand of each operation: whether it streams or hijacks, in which format, what its body is called. */

import { TAR_BODIES } from "../../wire/archive/tar-bodies.ts";
import { findFieldValue, type RequestHead, type ResponseHead } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { BodyPolicy } from "../bodies/body-buffer.ts";
import type { StreamFormat } from "./stream-decoder.ts";

const STREAMS: Readonly<Record<string, StreamFormat>> = {
  ContainerLogs: "frames",
  ServiceLogs: "frames",
  TaskLogs: "frames",
  ContainerStats: "messages",
  ContainerWait: "messages",
  SystemEvents: "messages",
  ImageBuild: "messages",
  ImageCreate: "messages",
  ImagePush: "messages",
  ImageLoad: "messages",
  PluginPull: "messages",
  PluginPush: "messages",
  PluginUpgrade: "messages",
};
const HIJACKERS: ReadonlySet<string> = new Set(["ContainerAttach", "ExecStart"]);
const BUILDKIT_CONNECTIONS: ReadonlySet<string> = new Set(["Session", "Grpc"]);
const RAW_STREAM = "application/vnd.docker.raw-stream";

/** The format of a response that is a stream; undefined where it is a body. */
export function streamFormat({ name }: Operation, response: ResponseHead): StreamFormat | undefined {
  return response.status < 300 && findFieldValue(response.fields, "Content-Length") === undefined
    ? STREAMS[name]
    : undefined;
}

/** The format of what the daemon sends into a hijack. */
export function hijackFormat({ name }: Operation): StreamFormat {
  return HIJACKERS.has(name) ? "frames" : "bytes";
}

/** Whether its hijack carries WebSocket frames. */
export function isWebsocketAttach({ name }: Operation): boolean {
  return name === "ContainerAttachWebsocket";
}

/** Whether the client may leave HTTP after this request; what it sends next is then no request yet. */
export function mayHijack(head: RequestHead, { name }: Operation): boolean {
  return HIJACKERS.has(name) || findFieldValue(head.fields, "Upgrade") !== undefined;
}

/** Whether this response leaves HTTP: `101`, or `200` with a raw stream and no length (API before Upgrade). */
export function doesHijack(response: ResponseHead, { name }: Operation): boolean {
  if (response.status === 101) return true;
  if (!HIJACKERS.has(name) || response.status !== 200) return false;
  const isBounded = ["Content-Length", "Transfer-Encoding"].some(
    (field) => findFieldValue(response.fields, field) !== undefined,
  );
  return !isBounded && findFieldValue(response.fields, "Content-Type") === RAW_STREAM;
}

/** Whether its hijack carries gRPC: BuildKit's API, or a session on which the daemon calls the client. */
export function isBuildkitConnection({ name }: Operation): boolean {
  return BUILDKIT_CONNECTIONS.has(name);
}

export function requestBodyPolicy({ name }: Operation, head: RequestHead): BodyPolicy {
  // dockerode posts a copy of its query as JSON where others post nothing, or a tar.
  const isJson = findFieldValue(head.fields, "Content-Type") === "application/json";
  const tar = isJson ? undefined : TAR_BODIES[name];
  return {
    label: tar ?? operationLabel({ name }),
    extension: tar === undefined ? ".bin" : ".tar",
    alwaysSidecar: tar !== undefined,
  };
}

export function responseBodyPolicy({ name }: Operation, head: ResponseHead): BodyPolicy {
  const isTar =
    /tar/.test(findFieldValue(head.fields, "Content-Type") ?? "") ||
    (name === "ContainerExport" && head.status === 200);
  return {
    label: operationLabel({ name }),
    extension: isTar ? ".tar" : ".bin",
    alwaysSidecar: isTar,
  };
}

/** A word for an exchange of this operation: `ContainerStart` is `start`, `ContainerExec` is `exec`. */
export function operationLabel({ name }: Pick<Operation, "name">): string {
  if (name === "ExecStart") return "exec-start";
  if (name === "BuildSolve") return "build";
  if (name === "ImageGet" || name === "ImageGetAll") return "save";
  const word = name.replace(/^(Container|Image|System|PutContainer)(?=[A-Z])/, "").replace(/^(Get|Put)(?=[A-Z])/, "");
  return word.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
