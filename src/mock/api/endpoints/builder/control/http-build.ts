/** POST /build?version=2 of docker 20.10 and dockerode: a build that reports as JSON lines (moby api/server/router/build, builder-next). */

import { parseBoundedJson } from "../../../../../base/parse-json.ts";
import { ApiError } from "../../../../model/api-error.ts";
import { toFamiliarText, withLatest } from "../../../../model/image-reference.ts";
import type { ProgressSink } from "../../../../model/progress-sink.ts";
import type { BuildOptions } from "../../../../operations/builder/build-options.ts";
import { getBuilder } from "../../../../operations/buildkit/buildkit-builder.ts";
import { SolveError, toSolveError } from "../../../../operations/buildkit/solve-error.ts";
import { SolveJob } from "../../../../operations/buildkit/solve-job.ts";
import {
  type AttributeMap,
  createUnsupportedError,
  readSolveOptions,
  type SolveExporter,
} from "../../../../operations/buildkit/solve-options.ts";
import type { Engine } from "../../../../operations/engine.ts";
import type { ApiRequest } from "../../../http/request.ts";

const CLIENT = "client-session";
const UPLOAD = "upload-request";

/** Whether the request brings the context of another one: `docker build - < context.tar`. */
export function readUploadId({ query }: ApiRequest): string | undefined {
  const id = query.get("buildid");
  return id.startsWith(`${UPLOAD}:`) ? id.slice(UPLOAD.length + 1) : undefined;
}

/**
 * @param body the context, where no other is named
 * @throws ApiError 500 for a build that fails; the lines before it have been sent by then
 */
export async function runHttpBuild(
  request: ApiRequest,
  bodyOptions: BuildOptions & { readonly body: Buffer },
  engine: Engine,
  send: ProgressSink,
): Promise<void> {
  const job = new SolveJob(engine, request.query.get("buildid") || engine.random.drawId("build"));
  const options = bodyOptions.remote === "" ? { ...bodyOptions, remote: UPLOAD } : bodyOptions;
  if (bodyOptions.remote === "") getBuilder(engine).uploads.add(job.ref, bodyOptions.body);
  void request.whenClosed.then(() => job.cancel());
  const reported = job.progress.follow((message) =>
    send({ id: "moby.buildkit.trace", aux: message.toString("base64") }),
  );
  try {
    const session = request.query.get("session");
    // A client hangs when its build ends before its session was used.
    await useSession(engine, session, request.whenClosed);
    if (options.remote !== CLIENT && options.remote !== UPLOAD)
      throw createUnsupportedError(`the build context ${options.remote}`, "a folder or a tar of the client");
    const exporter = readExporter(request.query.get("outputs"), options);
    await job.prepare(readSolveOptions(toAttributes(options, job.ref), { session, exporter, exporterId: undefined }));
    const { "containerimage.digest": id } = await job.run();
    if (id !== undefined) sendImage(send, id, options);
  } catch (error) {
    throw toApiError(error);
  } finally {
    job.progress.end();
    await reported;
  }
}

async function useSession(engine: Engine, id: string, gone: Promise<void>): Promise<void> {
  const client = await Promise.race([getBuilder(engine).sessions.waitFor(id), gone]);
  const call = client?.call("/grpc.health.v1.Health/Check");
  await call?.send(Buffer.alloc(0));
  call?.halfClose();
  await call?.status;
}

function sendImage(send: ProgressSink, id: string, { tags }: BuildOptions): void {
  send({ id: "moby.image.id", aux: { ID: id } });
  for (const tag of tags) send({ stream: `Successfully tagged ${toFamiliarText(withLatest(tag))}\n` });
}

function toApiError(error: unknown): unknown {
  const known = toSolveError(error);
  return known === undefined ? error : new ApiError(500, known.reason);
}

/** The frontend's attributes that a client of BuildKit's own API would send. */
function toAttributes(options: BuildOptions, ref: string): AttributeMap {
  const args = Object.entries(options.args).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[`build-arg:${name}`, value]],
  );
  const labels = Object.entries(options.labels).map(([name, value]): [string, string] => [`label:${name}`, value]);
  return {
    filename: options.dockerfile || "Dockerfile",
    ...(options.remote === UPLOAD ? { context: `http://${UPLOAD}/${ref}` } : {}),
    ...(options.target === "" ? {} : { target: options.target }),
    ...(options.usesCache ? {} : { "no-cache": "" }),
    "image-resolve-mode": options.pulls ? "pull" : "default",
    "force-network-mode": options.networkMode,
    ...Object.fromEntries([...args, ...labels]),
  };
}

/** `[{"Type":"local","Attrs":{}}]`, or empty for an image. @throws SolveError for what is no such list */
function readExporter(text: string, { tags }: BuildOptions): SolveExporter {
  const outputs = text === "" ? [] : parseOutputs(text);
  if (outputs.length > 1) throw createUnsupportedError(`${outputs.length} outputs`, "one output");
  const [{ Type = "moby", Attrs = {} } = {}] = outputs;
  const name = tags.map((tag) => toFamiliarText(withLatest(tag))).join(",");
  return { type: Type === "image" ? "moby" : Type, attributes: name === "" ? (Attrs ?? {}) : { ...Attrs, name } };
}

function parseOutputs(text: string): readonly { Type?: string; Attrs?: AttributeMap | null }[] {
  try {
    return (parseBoundedJson(text) as { Type?: string; Attrs?: AttributeMap | null }[] | null) ?? [];
  } catch {
    throw new SolveError(`cannot read the parameter outputs: ${text}`);
  }
}
