import type { BuildEvent, RecordedMessage } from "./build-model.ts";
import type { Exchange, RecordedBody, SidecarRef, StreamEvent } from "./model.ts";
import type { CassetteEntry } from "./read.ts";

/** The sidecars that an exchange refers to, in order. */
export function listSidecars({ request, response, stream = [], build = [], call }: Exchange): readonly SidecarRef[] {
  const messages = call === undefined ? [] : [call.request, ...call.answers].map(findFile);
  const contents = [...stream.map(findContent), ...build.map(findBuildContent), ...messages];
  return [request.body, response?.body, ...contents].filter(isSidecar);
}

/** The sidecars of all exchanges, in order. */
export function* walkSidecars(entries: Iterable<CassetteEntry>): Generator<SidecarRef> {
  for (const entry of entries) yield* listSidecars(entry.readExchange());
}

function findBuildContent(event: BuildEvent): unknown {
  if (event.kind === "call" || event.kind === "answer") return event.message && findFile(event.message);
  if (event.kind !== "transferred") return undefined;
  return event.content.kind === "tree" ? event.content.tar : event.content.file;
}

function findFile(message: RecordedMessage): unknown {
  return "file" in message ? message.file : undefined;
}

function findContent(event: StreamEvent): unknown {
  if (event.kind === "file") return event.file;
  return event.kind === "stdin" ? event.content : undefined;
}

function isSidecar(content: RecordedBody | unknown): content is SidecarRef {
  return typeof content === "object" && content !== null && !Buffer.isBuffer(content) && "path" in content;
}
