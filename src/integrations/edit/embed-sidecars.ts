import type { Exchange, RecordedBody, StreamEvent } from "../../cassette/model.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import { walkSidecars } from "../../cassette/sidecars.ts";
import { formatExchange } from "../../cassette/write.ts";
import { openSidecar } from "../../io/disk/sidecar-file.ts";
import { toDocument } from "./map-exchange.ts";

/** A larger sidecar stays one: a text of many megabytes is hard to read, and slow to parse. */
const LARGEST = 4 * 1024 * 1024;

/**
 * Puts bodies, and files of streams and of input, into the documents, up to 4 MiB each. Those of a build stay files: a
 * context is compared file by file, out of its tar.
 */
export async function* embedSidecars({ file, entries }: CassetteWalk): AsyncGenerator<string> {
  for (const entry of entries) {
    const exchange = entry.readExchange();
    const embedded = await embedExchange(exchange, file);
    yield embedded === exchange ? toDocument(entry) : formatExchange(embedded);
  }
}

/** A line for each sidecar that an embedded cassette still has: its path, and why it stays a file. */
export function explainSidecars({ entries }: CassetteWalk): readonly string[] {
  const reasons = new Map<string, string>();
  for (const { path, size } of walkSidecars(entries)) reasons.set(path, size > LARGEST ? TOO_LARGE : OF_A_BUILD);
  return [...reasons].map(([path, reason]) => `${path} stays a file: ${reason}`);
}

const TOO_LARGE = "it is larger than 4 MiB";
const OF_A_BUILD = "it belongs to a build by BuildKit, which is compared part by part";

async function embedExchange(exchange: Exchange, cassette: string): Promise<Exchange> {
  const { request, response, stream } = exchange;
  const [sent, received] = [await readSmall(request.body, cassette), await readSmall(response?.body, cassette)];
  const events = stream === undefined ? undefined : await embedEvents(stream, cassette);
  if (sent === undefined && received === undefined && events === stream) return exchange;
  return {
    ...exchange,
    request: sent === undefined ? request : { ...request, body: sent },
    response: received === undefined || response === undefined ? response : { ...response, body: received },
    ...(events === undefined ? {} : { stream: events }),
  };
}

/** The same list, if no event has a file that is small enough. */
async function embedEvents(stream: readonly StreamEvent[], cassette: string): Promise<readonly StreamEvent[]> {
  const events = await Promise.all(stream.map((event) => embedEvent(event, cassette)));
  return events.every((event, at) => event === stream[at]) ? stream : events;
}

async function embedEvent(event: StreamEvent, cassette: string): Promise<StreamEvent> {
  if (event.kind === "file") {
    const bytes = await readSmall(event.file, cassette);
    return bytes === undefined ? event : { kind: "bytes", isTty: false, bytes };
  }
  if (event.kind !== "stdin" || Buffer.isBuffer(event.content) || !("path" in event.content)) return event;
  const content = await readSmall(event.content, cassette);
  return content === undefined ? event : { kind: "stdin", content };
}

/** The bytes of a sidecar that is small enough; undefined for anything else. */
async function readSmall(content: RecordedBody | undefined, cassette: string): Promise<Buffer | undefined> {
  if (content === undefined || Buffer.isBuffer(content) || content.size > LARGEST) return undefined;
  return openSidecar(cassette, content).readAll();
}
