/** A cassette as a HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), for the tools that show one. */
import { decodeUtf8 } from "../../base/bytes.ts";
import type { Exchange, RecordedBody } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { openSidecar } from "../../io/disk/sidecar-file.ts";
import { version } from "../../version.ts";
import { listPieces, type PlayedPiece } from "../../view/play-exchanges.ts";
import { findFieldValue, type HeaderField } from "../../wire/http/head.ts";
import { parseOperation } from "../../wire/operations/operation.ts";

/** An exchange without a stated wait takes as long as one round trip may. */
const LEAST_MS = 1;

/** Where the entries stand in the text of a HAR: `JSON.stringify` spells an empty list so. */
const NO_ENTRIES = "[]";
const ENTRY_INDENT = "\n      ";
const LIST_END = "\n    ]";

type HarSource = Pick<CassetteWalk, "file" | "header">;

/** The text, made exchange by exchange. Calls of BuildKit are no HTTP of their own, and are left out. */
export async function* exportHar(cassette: HarSource, entries: Iterable<CassetteEntry>): AsyncGenerator<string> {
  const log = { version: "1.2", creator: { name: "whalesong", version }, entries: [] };
  const [lead = "", end = ""] = JSON.stringify({ log }, undefined, 2).split(NO_ENTRIES);
  yield lead;
  let before = "[";
  let at = Date.parse(cassette.header.recorded?.at ?? "") || 0;
  for (const entry of entries) {
    if (entry.method === "GRPC") continue;
    const pieces = [...listPieces(entry)];
    const time = LEAST_MS + pieces.reduce((total, { waitMs }) => total + waitMs, 0);
    const text = JSON.stringify(await toHarEntry(cassette, entry.readExchange(), pieces, { at, time }), undefined, 2);
    // Texts within JSON have no line ends of their own.
    yield before + ENTRY_INDENT + text.replaceAll("\n", ENTRY_INDENT);
    before = ",";
    at += time;
  }
  yield `${before === "[" ? NO_ENTRIES : LIST_END}${end}\n`;
}

async function toHarEntry(
  cassette: HarSource,
  exchange: Exchange,
  pieces: readonly PlayedPiece[],
  { at, time }: { readonly at: number; readonly time: number },
): Promise<unknown> {
  return {
    startedDateTime: new Date(at).toISOString(),
    time,
    request: await toHarRequest(exchange, cassette.file),
    response: await toHarResponse(exchange, pieces, cassette),
    cache: {},
    timings: { send: 0, wait: LEAST_MS, receive: time - LEAST_MS },
  };
}

async function toHarRequest({ request }: Exchange, cassette: string): Promise<unknown> {
  const { method, target, headers } = request;
  const body = await readBody(request.body, cassette);
  const mimeType = findFieldValue(headers, "Content-Type") ?? "application/octet-stream";
  return {
    ...{ method, url: `http://localhost${target}`, httpVersion: "HTTP/1.1", cookies: [], headers: toPairs(headers) },
    queryString: toPairs(parseOperation(method, target).query),
    ...(body === undefined ? {} : { postData: { mimeType, ...toContent(body) } }),
    headersSize: -1,
    bodySize: body?.length ?? 0,
  };
}

async function toHarResponse(
  { response }: Exchange,
  pieces: readonly PlayedPiece[],
  cassette: HarSource,
): Promise<unknown> {
  const fields = [...cassette.header.everyResponse, ...(response?.headers ?? [])];
  const stream = Buffer.concat(pieces.map(({ bytes }) => bytes));
  const body = (await readBody(response?.body, cassette.file)) ?? stream;
  const mimeType = findFieldValue(fields, "Content-Type") ?? "application/octet-stream";
  return {
    ...{ status: response?.status ?? 0, statusText: response?.reason ?? "", httpVersion: "HTTP/1.1", cookies: [] },
    ...{ headers: toPairs(fields), content: { size: body.length, mimeType, ...toContent(body) } },
    ...{ redirectURL: "", headersSize: -1, bodySize: body.length },
  };
}

/** What is no UTF-8 is base64. */
function toContent(bytes: Buffer): { readonly text: string; readonly encoding?: "base64" } {
  const text = decodeUtf8(bytes);
  return text === undefined ? { text: bytes.toString("base64"), encoding: "base64" } : { text };
}

function toPairs(fields: readonly HeaderField[]): readonly { readonly name: string; readonly value: string }[] {
  return fields.map(([name, value]) => ({ name, value }));
}

function readBody(body: RecordedBody | undefined, cassette: string): Promise<Buffer | undefined> {
  if (body === undefined || Buffer.isBuffer(body)) return Promise.resolve(body);
  return openSidecar(cassette, body).readAll();
}
