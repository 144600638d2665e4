/** Finds the body in a response's bytes, lets it be changed, and frames the result as the response's head announces. */
import { ByteQueue } from "../base/bytes.ts";
import type { Call } from "../session/call.ts";
import {
  BodyDecoder,
  type BodyEvent,
  encodeChunk,
  encodeLastChunk,
  type MessageFraming,
  resolveResponseFraming,
} from "../wire/http/body.ts";
import type { HeaderField } from "../wire/http/head.ts";
import { parseResponseHead, type ResponseHead, takeHead } from "../wire/http/head.ts";
import type { ByteFlow } from "./fault-effect.ts";

/** `change` gets the flow that takes the changed body. */
export function changeBody(
  { head: { method } }: Call,
  next: ByteFlow,
  change: (passOn: ByteFlow) => ByteFlow,
): ByteFlow {
  const heads = new ByteQueue();
  let body: ByteFlow | undefined;
  return async (bytes) => {
    if (body !== undefined) return body(bytes);
    heads.push(bytes);
    for (let raw = takeHead(heads); raw !== undefined; raw = takeHead(heads)) {
      await next(raw);
      const head = parseResponseHead(raw);
      if (isInterim(head)) continue;
      body = createBodyFlow(contentFraming(head, method), next, change);
      return heads.length === 0 ? undefined : body(heads.take());
    }
  };
}

/** `100 Continue` and its like: the response's own head is still to come. */
function isInterim({ status }: ResponseHead): boolean {
  return status < 200 && status !== 101;
}

/** Behind an upgrade there is no HTTP any more, and no end but the connection's. */
function contentFraming(head: ResponseHead, method: string): MessageFraming {
  return head.status === 101 ? { kind: "close" } : resolveResponseFraming(head, method);
}

function createBodyFlow(framing: MessageFraming, next: ByteFlow, change: (passOn: ByteFlow) => ByteFlow): ByteFlow {
  const decoder = new BodyDecoder(framing);
  const isChunked = framing.kind === "chunked";
  const changed = change((bytes) => next(isChunked ? encodeChunk(bytes) : bytes));
  let trailers: readonly HeaderField[] = [];
  const pass = async (event: BodyEvent): Promise<void> => {
    if (event.kind === "bytes") await changed(event.bytes);
    if (event.kind === "trailers") trailers = event.fields;
    if (event.kind === "end" && isChunked) await next(encodeLastChunk(trailers));
  };
  return async (bytes) => {
    for (const event of decoder.push(bytes)) await pass(event);
  };
}
