/** What is known beforehand of how each operation speaks: as a stream or as a body, and what its body is called. */
import { hasRequestSecrets, hasResponseSecrets, redactRequestBody, redactResponseBody } from "../cassette/redact.ts";
import { fieldValue, type RequestHead, type ResponseHead } from "../wire/head.ts";
import type { Operation } from "../wire/operation.ts";
import { TAR_BODIES } from "../wire/tar-bodies.ts";
import type { ContentPlan } from "./content.ts";
import type { Tongue } from "./speech.ts";

const STREAMS: Readonly<Record<string, Tongue>> = {
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
const SECRET_SESSIONS: ReadonlySet<string> = new Set(["Session", "Grpc"]);
const RAW_STREAM = "application/vnd.docker.raw-stream";

/** The tongue of a response that is a stream; undefined where it is a body. */
export function tongueOf({ name }: Operation, response: ResponseHead): Tongue | undefined {
  return response.status < 300 && fieldValue(response.fields, "Content-Length") === undefined
    ? STREAMS[name]
    : undefined;
}

/** Whether the client may speak past HTTP after this request; what follows it is then nobody's request yet. */
export function mayHijack(head: RequestHead, { name }: Operation): boolean {
  return HIJACKERS.has(name) || fieldValue(head.fields, "Upgrade") !== undefined;
}

/** Whether this response leaves HTTP: `101`, or `200` with a raw stream and no length (API before Upgrade). */
export function doesHijack(response: ResponseHead, { name }: Operation): boolean {
  if (response.status === 101) return true;
  if (!HIJACKERS.has(name) || response.status !== 200) return false;
  const isBounded = ["Content-Length", "Transfer-Encoding"].some(
    (field) => fieldValue(response.fields, field) !== undefined,
  );
  return !isBounded && fieldValue(response.fields, "Content-Type") === RAW_STREAM;
}

/** Whether the client's side of the hijack may hold credentials (BuildKit asks for them over /session). */
export function isSecretSession({ name }: Operation): boolean {
  return SECRET_SESSIONS.has(name);
}

export function requestPlan({ name }: Operation, head: RequestHead): ContentPlan {
  // dockerode posts a copy of its query as JSON where others post nothing, or a tar.
  const isJson = fieldValue(head.fields, "Content-Type") === "application/json";
  const tar = isJson ? undefined : TAR_BODIES[name];
  return {
    label: tar ?? labelOf(name),
    extension: tar === undefined ? ".bin" : ".tar",
    alwaysSidecar: tar !== undefined,
    ...(hasRequestSecrets(name) ? { redact: (bytes: Buffer) => redactRequestBody(name, bytes) } : {}),
  };
}

export function responsePlan({ name }: Operation, head: ResponseHead): ContentPlan {
  const isTar =
    /tar/.test(fieldValue(head.fields, "Content-Type") ?? "") || (name === "ContainerExport" && head.status === 200);
  return {
    label: labelOf(name),
    extension: isTar ? ".tar" : ".bin",
    alwaysSidecar: isTar,
    ...(hasResponseSecrets(name) ? { redact: (bytes: Buffer) => redactResponseBody(name, bytes) } : {}),
  };
}

/** A word for an exchange of this operation: `ContainerStart` is `start`, `ContainerExec` is `exec`. */
export function labelOf(name: string): string {
  if (name === "ExecStart") return "exec-start";
  if (name === "ImageGet" || name === "ImageGetAll") return "save";
  const word = name.replace(/^(Container|Image|System|PutContainer)(?=[A-Z])/, "").replace(/^(Get|Put)(?=[A-Z])/, "");
  return word.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
