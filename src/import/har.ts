/** HTTP archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), of browsers, proxies and libraries. */
import { findFieldValue, type HeaderField } from "../wire/http/head.ts";
import { getReasonPhrase } from "../wire/http/reasons.ts";
import { type ForeignExchange, type ForeignFile, type SkippedExchange, toSkippedExchange } from "./foreign-exchange.ts";
import { dropFields, readFieldValues, toGoFields } from "./header-fields.ts";
import type { LocatedValue } from "./located-value.ts";

/** Bodies are saved decoded and no longer fit these; the names of HTTP/2 that begin with a colon are no fields. */
const STALE = /^(content-encoding|:.*)$/i;
const NO_TEXT = "\ufffd";

/** @throws CassetteError `WHALESONG_IMPORT_SHAPE` for what is no HAR */
export function readHar(root: LocatedValue): ForeignFile {
  const exchanges: ForeignExchange[] = [];
  const skipped: SkippedExchange[] = [];
  for (const entry of root.getMember("log").getMember("entries").toItems()) {
    const exchange = readEntry(entry);
    const reason = reasonToSkip(exchange);
    if (reason === undefined) exchanges.push(exchange);
    else skipped.push(toSkippedExchange(exchange, reason));
  }
  return { exchanges: exchanges, skipped: skipped };
}

function readEntry(entry: LocatedValue): ForeignExchange {
  const [request, response] = [entry.getMember("request"), entry.getMember("response")];
  const { host, target } = readAddress(request.getMember("url"));
  const status = response.getMember("status").toNumber();
  return {
    entry,
    host,
    method: request.getMember("method").toText(),
    target,
    requestFields: dropFields(readFields(request.getMember("headers")), STALE),
    requestBody: readRequestBody(request),
    status,
    reason: response.getMember("statusText").toTextOr("") || getReasonPhrase(status),
    fields: toGoFields(dropFields(readFields(response.getMember("headers")), STALE)),
    body: readContent(response.getMember("content")),
    ...readTimes(entry),
  };
}

function readAddress(url: LocatedValue): { host: string; target: string } {
  const match = /^[a-z+]+:\/\/([^/?#]*)([^#]*)/i.exec(url.toText());
  if (match === null) throw url.createShapeError("an absolute URL");
  const [, host = "", target = ""] = match;
  return { host, target: target.startsWith("/") ? target : `/${target}` };
}

function readFields(headers: LocatedValue): readonly HeaderField[] {
  if (!headers.isPresent) return [];
  return headers.toItems().flatMap((field) => {
    const name = field.getMember("name").toText();
    return readFieldValues(field.getMember("value")).map((text) => [name, text] as const);
  });
}

/** Browsers save a request's bytes as text, whatever they are: what text cannot hold is not known. */
function readRequestBody(request: LocatedValue): ForeignExchange["requestBody"] {
  const data = request.getMember("postData");
  const bytes = data.getMember("text").isPresent ? readContent(data) : undefined;
  const size =
    findFieldValue(readFields(request.getMember("headers")), "Content-Length") ??
    request.getMember("bodySize").toNumberOr(0);
  if (bytes !== undefined && bytes.length > 0) return isWhole(bytes, Number(size)) ? bytes : "unknown";
  return Number(size) > 0 ? "unknown" : undefined;
}

function isWhole(bytes: Buffer, size: number): boolean {
  return (size <= 0 || bytes.length === size) && !bytes.includes(NO_TEXT);
}

function readContent(content: LocatedValue): Buffer {
  const text = content.getMember("text").toTextOr("");
  const pieces = content.getMember("_isBinary").json === "true" ? decodePieces(text) : undefined;
  if (pieces !== undefined) return pieces;
  return Buffer.from(text, content.getMember("encoding").toTextOr("") === "base64" ? "base64" : "utf8");
}

/** Polly's bytes: a JSON list of the pieces in hex (@pollyjs/adapter-node-http); undefined for anything else. */
function decodePieces(text: string): Buffer | undefined {
  if (!/^\[\s*(?:"[0-9a-f]*"\s*(?:,\s*)?)*\]$/i.test(text)) return undefined;
  return Buffer.concat((JSON.parse(text) as string[]).map((piece) => Buffer.from(piece, "hex")));
}

function readTimes(entry: LocatedValue): Pick<ForeignExchange, "times"> {
  const requestedAt = Date.parse(entry.getMember("startedDateTime").toTextOr(""));
  if (Number.isNaN(requestedAt)) return {};
  const endedAt = requestedAt + Math.max(0, entry.getMember("time").toNumberOr(0));
  const receive = Math.max(0, entry.getMember("timings").getMember("receive").toNumberOr(0));
  return {
    times: { requestedAt: requestedAt, respondedAt: Math.max(requestedAt, endedAt - receive), endedAt: endedAt },
  };
}

function reasonToSkip({ entry, method, status, fields, body }: ForeignExchange): string | undefined {
  const content = entry.getMember("response").getMember("content");
  if (status === 0) return "it was not answered";
  if (method === "HEAD" || status === 204 || status === 304) return undefined;
  if (!content.getMember("text").isPresent && content.getMember("size").toNumberOr(0) > 0)
    return "its body was not saved";
  if (content.getMember("encoding").toTextOr("") !== "base64" && body.includes(NO_TEXT))
    return "its body is no text, but was saved as text";
  const size = findFieldValue(fields, "Content-Length");
  const isPacked =
    findFieldValue(readFields(entry.getMember("response").getMember("headers")), "Content-Encoding") !== undefined;
  if (!isPacked && size !== undefined && Number(size) !== body.length)
    return `${body.length} bytes of its body were saved, of ${size}`;
  return undefined;
}
