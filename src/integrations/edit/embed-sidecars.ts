import type { Exchange } from "../../cassette/model.ts";
import type { Cassette } from "../../cassette/read.ts";
import { formatExchange } from "../../cassette/write.ts";
import { openSidecar } from "../../io/disk/sidecar-file.ts";
import { toDocument } from "./map-exchange.ts";

/** A larger sidecar stays one: a text of many megabytes is hard to read, and slow to parse. */
const LARGEST = 4 * 1024 * 1024;

/** Puts the bodies that are sidecars into the documents, up to 4 MiB each. Those of streams and builds stay files. */
export async function embedSidecars({ file, entries }: Cassette): Promise<string> {
  const documents: string[] = [];
  for (const entry of entries) {
    const exchange = entry.readExchange();
    const embedded = await embedBodies(exchange, file);
    documents.push(embedded === exchange ? toDocument(entry) : formatExchange(embedded));
  }
  return documents.join("");
}

async function embedBodies(exchange: Exchange, cassette: string): Promise<Exchange> {
  const { request, response } = exchange;
  const [sent, received] = [await readBody(request, cassette), await readBody(response, cassette)];
  if (sent === undefined && received === undefined) return exchange;
  return {
    ...exchange,
    request: sent === undefined ? request : { ...request, body: sent },
    response: received === undefined || response === undefined ? response : { ...response, body: received },
  };
}

/** The bytes of a body that is a sidecar and small enough; undefined for any other. */
async function readBody(
  head: Exchange["response"] | Exchange["request"],
  cassette: string,
): Promise<Buffer | undefined> {
  const body = head?.body;
  if (body === undefined || Buffer.isBuffer(body) || body.size > LARGEST) return undefined;
  return openSidecar(cassette, body).readAll();
}
