/**
 * Masks what became known after a document was written, where the document has it split over events. Lengths stay, so
 * the events keep the cuts between their frames.
 */
import type { StreamEvent } from "../../cassette/model.ts";
import { readExchange } from "../../cassette/read/exchange.ts";
import { formatExchange } from "../../cassette/write.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { groupByLane, maskPieces } from "./lanes.ts";

const MARKER = "---\n";
const STREAM = /^stream:/m;

interface EventPiece {
  readonly lane: string;
  readonly index: number;
  readonly bytes: Buffer;
}

/** The text of a document without the values that are split over its events. */
export function maskLateValues(text: string, redactor: Redactor): string {
  if (!STREAM.test(text)) return text;
  const document = text.startsWith(MARKER) ? text.slice(MARKER.length) : text;
  const exchange = readExchange({ file: "new recording", text: document, firstLine: 1 });
  const stream = maskEvents(exchange.stream ?? [], redactor);
  return stream === undefined ? text : formatExchange({ ...exchange, stream });
}

function maskEvents(events: readonly StreamEvent[], redactor: Redactor): readonly StreamEvent[] | undefined {
  const masked = new Map<number, Buffer>();
  for (const pieces of groupByLane(listPieces(events)).values()) {
    const now = maskPieces(pieces, redactor);
    for (const [at, { index }] of pieces.entries()) if (now?.[at] !== undefined) masked.set(index, now[at]);
  }
  if (masked.size === 0) return undefined;
  return events.map((event, index) => withBytes(event, masked.get(index)));
}

function listPieces(events: readonly StreamEvent[]): readonly EventPiece[] {
  let cutLines = 0;
  return events.flatMap((event, index): EventPiece[] => {
    switch (event.kind) {
      case "frames":
        return [{ lane: event.stream, index, bytes: event.payload }];
      case "bytes":
        return [{ lane: "output", index, bytes: event.bytes }];
      case "ws":
        return [{ lane: `ws-${event.from}`, index, bytes: event.payload }];
      case "stdin":
        if (Buffer.isBuffer(event.content)) return [{ lane: `input-${cutLines}`, index, bytes: event.content }];
        // What follows is the next line. Joined, it would be taken for what was cut out.
        if ("isLine" in event.content) cutLines += 1;
        return [];
      default:
        return [];
    }
  });
}

function withBytes(event: StreamEvent, bytes: Buffer | undefined): StreamEvent {
  if (bytes === undefined) return event;
  if (event.kind === "frames" || event.kind === "ws") return { ...event, payload: bytes };
  if (event.kind === "bytes") return { ...event, bytes };
  return event.kind === "stdin" ? { ...event, content: bytes } : event;
}
