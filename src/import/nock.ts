/** Fixtures of nock.back and nock.recorder: a JSON list of definitions (nock, lib/recorder.js and lib/scope.js). */
import { findFieldValue, type HeaderField } from "../wire/http/head.ts";
import { getReasonPhrase } from "../wire/http/reasons.ts";
import { decodeHex, encodeJsonBody, removeContentEncoding } from "./decode-bytes.ts";
import type { ForeignExchange, ForeignFile } from "./foreign-exchange.ts";
import { dropFields, readFieldValues, toGoFields } from "./header-fields.ts";
import type { LocatedValue } from "./located-value.ts";

/** @throws CassetteError `WHALESONG_IMPORT_SHAPE` for what is no definition of nock's */
export function readNock(root: LocatedValue): ForeignFile {
  return { exchanges: root.toItems().map(readDefinition), skipped: [] };
}

function readDefinition(definition: LocatedValue): ForeignExchange {
  const { host, path } = readScope(definition.getMember("scope"));
  const method = definition.getMember("method").toTextOr("GET").toUpperCase();
  const status = definition.getMember("status").toNumberOr(200);
  const sent = readFields(definition.getMember("rawHeaders"), definition.getMember("headers"));
  return {
    entry: definition,
    host,
    method,
    target: path + definition.getMember("path").toText(),
    requestFields: readFields(definition.getMember("reqheaders")),
    requestBody: readRequestBody(definition.getMember("body")),
    status,
    reason: getReasonPhrase(status),
    fields: toGoFields(dropFields(sent, /^content-encoding$/i)),
    body: method === "HEAD" ? Buffer.alloc(0) : readResponseBody(definition, sent),
  };
}

function readScope(scope: LocatedValue): { host: string; path: string } {
  const match = /^[a-z+]+:\/\/([^/]*)(.*?)\/?$/i.exec(scope.toText());
  if (match === null) throw scope.createShapeError("an origin such as `http://localhost:80`");
  return { host: match[1] as string, path: match[2] as string };
}

/** A flat list, as Node has it, or an object, as fetch has it. */
function readFields(...places: readonly LocatedValue[]): readonly HeaderField[] {
  const value = places.find(({ isPresent: isThere }) => isThere);
  if (value === undefined) return [];
  if (value.node?.kind !== "list") {
    return value.toEntries().flatMap(([name, one]) => readFieldValues(one).map((text) => [name, text] as const));
  }
  const texts = value.toItems().map((item) => readFieldValues(item)[0] ?? "");
  return texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? ""] as const] : []));
}

/** nock writes a body that is no UTF-8 in hex, and marks that in responses only. */
function readRequestBody(body: LocatedValue): ForeignExchange["requestBody"] {
  if (!body.isPresent || body.json === '""') return undefined;
  if (body.node?.kind === "text") return body.node.text === "*" ? "unknown" : decodeText(body.node.text);
  return decodeHexPieces(body) ?? dropLineEnd(encodeJsonBody(body, undefined));
}

/** Clients end their JSON without a line end. */
function dropLineEnd(bytes: Buffer): Buffer {
  return bytes.subarray(0, -1);
}

function readResponseBody(definition: LocatedValue, fields: readonly HeaderField[]): Buffer {
  const response = definition.getMember("response");
  const encoding = findFieldValue(fields, "Content-Encoding");
  const isBinary = definition.getMember("responseIsBinary").json === "true";
  if (!response.isPresent) return Buffer.alloc(0);
  if (encoding !== undefined)
    return removeContentEncoding(decodeHexPieces(response) ?? Buffer.alloc(0), encoding, response);
  if (isBinary) return Buffer.from(response.toText(), "hex");
  if (response.node?.kind === "text") return decodeText(response.node.text);
  const size = findFieldValue(fields, "Content-Length");
  return decodeHexPieces(response) ?? encodeJsonBody(response, size === undefined ? undefined : Number(size));
}

function decodeText(text: string): Buffer {
  return decodeHex(text) ?? Buffer.from(text);
}

/** Compressed bodies are saved in pieces, each in hex. */
function decodeHexPieces({ node }: LocatedValue): Buffer | undefined {
  const items = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  const texts = items.map((item) => (item.kind === "text" ? item.text : " "));
  return decodeHex(texts.join(""));
}
