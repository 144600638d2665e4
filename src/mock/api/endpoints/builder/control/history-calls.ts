/** `docker buildx history`: the calls of the control API that read and change what is remembered of builds. */
import { waitForAbort } from "../../../../../base/abort.ts";
import type { GrpcServerCall } from "../../../../../session/grpc/serve-grpc.ts";
import { BUILDKIT_SCHEMA } from "../../../../../wire/buildkit/buildkit-schema.ts";
import { toGrpcStatusCode } from "../../../../../wire/grpc/status.ts";
import { encodeMessage } from "../../../../../wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../../../wire/protobuf/protobuf-value.ts";
import type { BuildRecord, HistoryEvent, HistoryFilter } from "../../../../operations/buildkit/build-history.ts";
import { toTimestamp } from "../../../../operations/buildkit/build-progress.ts";
import { getBuilder } from "../../../../operations/buildkit/buildkit-builder.ts";
import type { Engine } from "../../../../operations/engine.ts";

const EVENT = "moby.buildkit.v1.BuildHistoryEvent";
const IMAGE_CONFIG = "application/vnd.docker.container.image.v1+json";

/** Control/ListenBuildHistory: what is known, and unless the client wants to leave early, what comes. */
export async function listenToHistory(engine: Engine, call: GrpcServerCall, request: ProtobufMessage): Promise<void> {
  const { EarlyExit: leavesEarly = false, Filter: filters = [] } = request;
  if ((filters as readonly string[]).length > 0) return refuseFilters(call);
  const { history } = getBuilder(engine);
  const filter = readFilter(request);
  const send = (event: HistoryEvent): Promise<void> | undefined => call.send(encodeEvent(engine, event));
  call.sendHead();
  const stop = leavesEarly ? () => undefined : history.listen(filter, (event) => void send(event));
  for (const event of history.list(filter)) await send(event);
  if (!leavesEarly) await waitForAbort(call.signal);
  stop();
  call.end();
}

/** Control/UpdateBuildHistory. */
export function updateHistory(engine: Engine, { Ref = "", Pinned = false, Delete = false }: ProtobufMessage): void {
  const { history } = getBuilder(engine);
  if (Delete === true) history.remove(String(Ref));
  else history.pin(String(Ref), Pinned === true);
}

function readFilter({ Ref = "", ActiveOnly = false, Limit = 0 }: ProtobufMessage): HistoryFilter {
  return { ref: String(Ref), activeOnly: ActiveOnly === true, limit: Number(Limit) };
}

function refuseFilters(call: GrpcServerCall): void {
  const message = "whalesong's mock does not filter the history of builds: leave out --filter";
  call.end({ code: toGrpcStatusCode("UNIMPLEMENTED"), message });
}

function encodeEvent(engine: Engine, { type, record }: HistoryEvent): Buffer {
  return encodeMessage(BUILDKIT_SCHEMA, EVENT, { type, record: toRecordMessage(engine, record) });
}

function toRecordMessage(engine: Engine, record: BuildRecord): ProtobufMessage {
  const { ref, frontend, attributes, exporter, created, completed, failure, response = {}, isPinned } = record;
  const { total, completed: done, cached } = record.progress.countSteps();
  return {
    Ref: ref,
    ...(frontend === "" ? {} : { Frontend: frontend }),
    FrontendAttrs: attributes,
    Exporters: exporter.type === "" ? [] : [{ Type: toExporterType(exporter.type), Attrs: exporter.attributes }],
    ...(failure === undefined ? {} : { error: { code: failure.code, message: failure.message } }),
    CreatedAt: toTimestamp(created),
    ...(completed === undefined ? {} : { CompletedAt: toTimestamp(completed) }),
    ExporterResponse: response,
    ...describeResult(engine, response["containerimage.config.digest"]),
    ...(isPinned === true ? { pinned: true } : {}),
    numCachedSteps: cached,
    numTotalSteps: total,
    numCompletedSteps: done,
  };
}

/** The exporter of images is called `image` where dockerd has taken the client's `moby` for it. */
function toExporterType(type: string): string {
  return type === "moby" ? "image" : type;
}

/** The image that was built, as long as it is there. */
function describeResult(engine: Engine, digest: string | undefined): ProtobufMessage {
  const image = digest === undefined ? undefined : engine.images.lookUp(digest);
  if (digest === undefined || image === undefined) return {};
  const descriptor = { media_type: IMAGE_CONFIG, digest, size: image.bytes.length };
  return { Result: { ResultDeprecated: descriptor, Results: { "0": descriptor } } };
}
