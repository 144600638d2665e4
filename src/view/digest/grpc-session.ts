/** What passed on a connection that left HTTP/1.1 for gRPC, where a cassette has its bytes. */
import { formatCount } from "../../base/format-count.ts";
import type { StreamEvent } from "../../cassette/model.ts";
import { Http2Decoder } from "../../wire/http2/http2-decoder.ts";
import type { Http2Event } from "../../wire/http2/http2-event.ts";

/** `h2c session, 44 frames` and the calls; undefined if the bytes are no HTTP/2. */
export function describeGrpcSession(events: readonly StreamEvent[]): readonly string[] | undefined {
  const decoder = new Http2Decoder();
  const passed: Http2Event[] = [];
  try {
    for (const { side, bytes } of events.flatMap(toBytes)) passed.push(...decoder.push(side, bytes));
  } catch {
    return undefined;
  }
  if (passed.length === 0) return undefined;
  return [`h2c session, ${formatCount(passed.length, "frame")}`, ...countCalls(passed)];
}

function toBytes(event: StreamEvent): { readonly side: "client" | "daemon"; readonly bytes: Buffer }[] {
  if (event.kind === "bytes") return [{ side: "daemon", bytes: event.bytes }];
  return event.kind === "stdin" && Buffer.isBuffer(event.content) ? [{ side: "client", bytes: event.content }] : [];
}

/** Each path once, with the number of its calls. */
function countCalls(events: readonly Http2Event[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const event of events) {
    const path = event.kind === "headers" ? event.fields.find(([name]) => name === ":path")?.[1] : undefined;
    if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts].map(([path, count]) => (count === 1 ? path : `${path} (${count} times)`));
}
