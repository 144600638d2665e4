/** Events as lines of text, so that tables of tests can be read. */

import type { RecordEvent } from "../../src/record/decode/record-event.ts";
import type { DocumentEvent } from "../../src/record/write/document-event.ts";

/** The kinds whose bytes may come in any pieces: how they were cut means nothing. */
const JOINABLE: ReadonlySet<string> = new Set(["request-bytes", "response-bytes", "client-bytes"]);

/** `0 request-head GET /_ping`, `0 unit stdout "a\n"`; pieces of the same bytes are joined. */
export function describeEvents(events: readonly RecordEvent[]): string[] {
  return joinPieces(events).map((event) =>
    event.kind === "unreadable" ? `unreadable ${String(event.problem)}` : `${event.exchange} ${describeKind(event)}`,
  );
}

/** `0 cue start`. */
export function describeDocumentEvents(events: readonly DocumentEvent[]): string[] {
  return events.map((event) => {
    const { kind } = event;
    if (kind === "cue" || kind === "mark" || kind === "until") return `${event.document} ${kind} ${event.name}`;
    const waits = kind === "response-head" ? listWaits(event) : "";
    return `${event.document} ${describeKind(event)}${waits}`;
  });
}

function listWaits({ cues, untils }: Extract<DocumentEvent, { kind: "response-head" }>): string {
  return [cues.length > 0 ? ` cues=${cues.join()}` : "", untils.length > 0 ? ` untils=${untils.join()}` : ""].join("");
}

function joinPieces(events: readonly RecordEvent[]): RecordEvent[] {
  const joined: RecordEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    const isNext = last?.kind === event.kind && "exchange" in last && "exchange" in event;
    if (isNext && last.exchange === event.exchange && JOINABLE.has(event.kind)) {
      joined[joined.length - 1] = { ...last, bytes: Buffer.concat([bytesOf(last), bytesOf(event)]) } as RecordEvent;
    } else joined.push(event);
  }
  return joined;
}

function bytesOf(event: object): Buffer {
  return "bytes" in event && Buffer.isBuffer(event.bytes) ? event.bytes : Buffer.alloc(0);
}

type Described = Exclude<RecordEvent, { kind: "unreadable" }> | DocumentEvent;

function describeKind(event: Described): string {
  switch (event.kind) {
    case "request-head":
      return `request-head ${event.head.method} ${event.head.target}`;
    case "response-head":
      return `response-head ${event.head.status} ${event.framing} ${event.content}`;
    case "request-bytes":
    case "response-bytes":
    case "client-bytes":
      return `${event.kind} ${JSON.stringify(event.bytes.toString("latin1"))}`;
    case "trailers":
      return `trailers ${event.fields.map((field) => field.join(": ")).join()}`;
    case "unit":
      return `unit ${describeUnit(event.unit.event)}`;
    case "websocket-frame":
      return `websocket-frame ${event.frame.from} ${event.frame.opcode} ${JSON.stringify(event.frame.payload.toString("latin1"))}`;
    default:
      return event.kind;
  }
}

function describeUnit(event: Extract<RecordEvent, { kind: "unit" }>["unit"]["event"]): string {
  const joined = "joined" in event && event.joined === true ? " joined" : "";
  if (event.kind === "frames") return `${event.stream} ${JSON.stringify(event.payload.toString("latin1"))}${joined}`;
  if (event.kind === "message") return `${event.dialect} ${event.json.toString("latin1")}${joined}`;
  if (event.kind !== "bytes") return event.kind;
  return `${event.isTty ? "tty" : "bytes"} ${JSON.stringify(event.bytes.toString("latin1"))}`;
}
