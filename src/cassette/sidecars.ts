import type { Exchange, RecordedBody, SidecarRef, StreamEvent } from "./model.ts";

/** The sidecars that an exchange refers to, in order. */
export function listSidecars({ request, response, stream = [] }: Exchange): readonly SidecarRef[] {
  return [request.body, response?.body, ...stream.map(findContent)].filter(isSidecar);
}

function findContent(event: StreamEvent): unknown {
  if (event.kind === "file") return event.file;
  return event.kind === "stdin" ? event.content : undefined;
}

function isSidecar(content: RecordedBody | unknown): content is SidecarRef {
  return typeof content === "object" && content !== null && !Buffer.isBuffer(content) && "path" in content;
}
