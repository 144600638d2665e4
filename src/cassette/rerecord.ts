/**
 * Recording again must show what the daemon does differently, and nothing else: if only the time between events
 * differs, the old text stays, with its comments and layout.
 */
import type { Exchange, FramesEvent, StreamEvent } from "./model.ts";
import { readExchange } from "./read/exchange.ts";
import type { Cassette, CassetteEntry } from "./read.ts";
import { formatExchange } from "./write.ts";

const MARKER = "---\n";

/**
 * Returns a function that replaces the text of a new document by the old document that is equal except for its waits,
 * if there is one. Every old document is used once. All of `old` is parsed first, so that a broken document is found
 * before the recording begins, and never overwritten.
 * @throws CassetteError if an old document is wrong
 */
export function keepOldText(old: Cassette | undefined): (text: string) => string {
  const unused = new Map<string, CassetteEntry[]>();
  for (const entry of old?.entries ?? []) {
    const content = toComparableText(entry.readExchange());
    const same = unused.get(content);
    if (same === undefined) unused.set(content, [entry]);
    else same.push(entry);
  }
  if (unused.size === 0) return (text) => text;
  return (text) => {
    const entry = unused.get(toComparableText(parseDocument(text)))?.shift();
    return entry === undefined ? text : `${MARKER}${entry.readText()}`;
  };
}

/** The new header under the comments of the old one. */
export function keepOldPreamble(old: Cassette | undefined, headerText: string): string {
  return `${old?.preamble ?? ""}${headerText}`;
}

function parseDocument(text: string): Exchange {
  const document = text.startsWith(MARKER) ? text.slice(MARKER.length) : text;
  return readExchange({ file: "new recording", text: document, firstLine: 1 });
}

/** The canonical text without waits: equal for two recordings that differ only in their tempo. */
function toComparableText(exchange: Exchange): string {
  const { response, stream, build } = exchange;
  return formatExchange({
    ...exchange,
    response: response && { ...response, waitMs: 0 },
    ...(stream === undefined ? {} : { stream: withoutWaits(stream) }),
    ...(build === undefined ? {} : { build: build.filter(({ kind }) => kind !== "wait") }),
  });
}

/**
 * Events that only a wait separates are one event, as the recorder would write them without the wait. `hold` and
 * `repeat` are left out, because only people write them.
 */
function withoutWaits(stream: readonly StreamEvent[]): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const event of stream) {
    if (event.kind === "wait" || event.kind === "hold" || event.kind === "repeat") continue;
    const merged = mergeEvents(events.at(-1), event);
    if (merged === undefined) events.push(normalizeEvent(event));
    else events[events.length - 1] = merged;
  }
  return events;
}

function mergeEvents(last: StreamEvent | undefined, next: StreamEvent): StreamEvent | undefined {
  if (last?.kind === "frames" && next.kind === "frames" && last.stream === next.stream && last.joined !== true) {
    const payload = Buffer.concat([last.payload, next.payload]);
    return { ...next, payload, cut: [...listFrameSizes(last), ...listFrameSizes(next)] };
  }
  if (last?.kind === "bytes" && next.kind === "bytes" && last.isTty === next.isTty && last.joined !== true) {
    return { ...next, bytes: Buffer.concat([last.bytes, next.bytes]) };
  }
  if (
    last?.kind === "stdin" &&
    next.kind === "stdin" &&
    Buffer.isBuffer(last.content) &&
    Buffer.isBuffer(next.content)
  ) {
    return { ...next, content: Buffer.concat([last.content, next.content]) };
  }
  return undefined;
}

function normalizeEvent(event: StreamEvent): StreamEvent {
  return event.kind === "frames" ? { ...event, cut: listFrameSizes(event) } : event;
}

function listFrameSizes({ payload, cut }: FramesEvent): readonly number[] {
  return cut === "lines" ? listLineSizes(payload) : (cut ?? [payload.length]);
}

function listLineSizes(payload: Buffer): readonly number[] {
  const sizes: number[] = [];
  for (let at = 0; at < payload.length; ) {
    const newline = payload.indexOf(10, at);
    const end = newline === -1 ? payload.length : newline + 1;
    sizes.push(end - at);
    at = end;
  }
  return sizes;
}
