import type { Body, Exchange, SidecarRef, StreamEvent } from "./model.ts";

/** The sidecars that an exchange refers to, in order. */
export function sidecarsOf({ request, response, stream = [] }: Exchange): readonly SidecarRef[] {
  return [request.body, response?.body, ...stream.map(contentOf)].filter(isSidecar);
}

function contentOf(event: StreamEvent): unknown {
  if (event.kind === "file") return event.file;
  return event.kind === "stdin" ? event.content : undefined;
}

function isSidecar(content: Body | unknown): content is SidecarRef {
  return typeof content === "object" && content !== null && !Buffer.isBuffer(content) && "path" in content;
}
