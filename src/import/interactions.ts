/**
 * Cassettes of vcrpy (vcr/serialize.py, vcr/request.py) and go-vcr (pkg/cassette): YAML or JSON with a list
 * `interactions`. A request has an `uri` in vcrpy's, an `url` in go-vcr's.
 */
import { findFieldValue, type HeaderField } from "../wire/http/head.ts";
import { getReasonPhrase } from "../wire/http/reasons.ts";
import { removeContentEncoding } from "./decode-bytes.ts";
import type { ForeignExchange, ForeignFile } from "./foreign-exchange.ts";
import { dropFields, readFieldValues, toGoFields } from "./header-fields.ts";
import type { LocatedValue } from "./located-value.ts";
import { BASE64 } from "./yaml-node.ts";

/** @throws CassetteError `WHALESONG_IMPORT_SHAPE` for what is no cassette of the two */
export function readInteractions(root: LocatedValue): ForeignFile {
  return { exchanges: root.getMember("interactions").toItems().map(readInteraction), skipped: [] };
}

function readInteraction(entry: LocatedValue): ForeignExchange {
  const [request, response] = [entry.getMember("request"), entry.getMember("response")];
  const uri = request.getMember("uri");
  const { host, target } = readAddress(uri.isPresent ? uri : request.getMember("url"));
  const method = request.getMember("method").toTextOr("GET").toUpperCase();
  const fields = readFields(response.getMember("headers"));
  const { status, reason } = readStatus(response);
  return {
    entry,
    host,
    method,
    target,
    requestFields: readFields(request.getMember("headers")),
    requestBody: readRequestBody(request.getMember("body")),
    status,
    reason,
    fields: toGoFields(dropFields(fields, /^content-encoding$/i)),
    body: method === "HEAD" ? Buffer.alloc(0) : readResponseBody(response, fields),
  };
}

/** `http+docker://localhost/v1.41/version`, as docker-py calls its daemon, too. */
function readAddress(url: LocatedValue): { host: string; target: string } {
  const match = /^[a-z+]+:\/\/([^/?#]*)([^#]*)/i.exec(url.toText());
  if (match === null) throw url.createShapeError("an absolute URL");
  const [, host = "", target = ""] = match;
  return {
    host: decodeURIComponent(host).startsWith("/") ? "unix" : host,
    target: target.startsWith("/") ? target : `/${target}`,
  };
}

/** vcrpy: `{code: 200, message: OK}`. go-vcr: `200 OK` beside `code: 200`. */
function readStatus(response: LocatedValue): { status: number; reason: string } {
  const [status, code] = [response.getMember("status"), response.getMember("code")];
  const number = code.isPresent ? code.toNumber() : status.getMember("code").toNumber();
  const message = code.isPresent
    ? status.toTextOr("").replace(/^\d+\s*/, "")
    : status.getMember("message").toTextOr("");
  return { status: number, reason: message || getReasonPhrase(number) };
}

/** Each name has a text, or a list of texts. */
function readFields(headers: LocatedValue): readonly HeaderField[] {
  if (!headers.isPresent) return [];
  return headers.toEntries().flatMap(([name, value]) => readFieldValues(value).map((text) => [name, text] as const));
}

function readRequestBody(body: LocatedValue): Buffer | undefined {
  const bytes = readBytes(body);
  return bytes.length === 0 ? undefined : bytes;
}

/** vcrpy: `{string: ...}`, or `{base64_string: ...}` in JSON. */
function readResponseBody(response: LocatedValue, fields: readonly HeaderField[]): Buffer {
  const body = response.getMember("body");
  const bytes = readBytes(body);
  const encoding = findFieldValue(fields, "Content-Encoding");
  if (encoding === undefined || bytes.length === 0) return bytes;
  try {
    return removeContentEncoding(bytes, encoding, body);
  } catch {
    // Go's and Python's clients may have saved it decoded, and kept the header.
    return bytes;
  }
}

function readBytes(body: LocatedValue): Buffer {
  if (!body.isPresent) return Buffer.alloc(0);
  if (body.node?.kind !== "map") return Buffer.from(body.node?.kind === "atom" ? body.json : body.toText(), "utf8");
  for (const name of [BASE64, "base64_string"]) {
    const encoded = body.getMember(name);
    if (encoded.isPresent) return Buffer.from(encoded.toText(), "base64");
  }
  return readBytes(body.getMember("string"));
}
