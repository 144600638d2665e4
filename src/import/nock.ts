/** Fixtures of nock.back and nock.recorder: a JSON list of definitions (nock, lib/recorder.js and lib/scope.js). */
import { fieldValue, type HeaderField } from "../wire/head.ts";
import { reasonOf } from "../wire/reasons.ts";
import { hexBytes, jsonBytes, unpacked } from "./bytes.ts";
import { asGoWrites, without } from "./fields.ts";
import type { Foreign, Told } from "./told.ts";
import type { Value } from "./value.ts";

/** @throws CassetteError `WHALESONG_IMPORT_SHAPE` for what is no definition of nock's */
export function readNock(root: Value): Foreign {
  return { told: root.items().map(toldBy), leftOut: [] };
}

function toldBy(definition: Value): Told {
  const { host, path } = scopeOf(definition.get("scope"));
  const method = definition.get("method").textOr("GET").toUpperCase();
  const status = definition.get("status").numberOr(200);
  const sent = fieldsOf(definition.get("rawHeaders"), definition.get("headers"));
  return {
    entry: definition,
    host,
    method,
    target: path + definition.get("path").text(),
    requestFields: fieldsOf(definition.get("reqheaders")),
    requestBody: requestBodyOf(definition.get("body")),
    status,
    reason: reasonOf(status),
    fields: asGoWrites(without(sent, /^content-encoding$/i)),
    body: method === "HEAD" ? Buffer.alloc(0) : responseBodyOf(definition, sent),
  };
}

function scopeOf(scope: Value): { host: string; path: string } {
  const match = /^[a-z+]+:\/\/([^/]*)(.*?)\/?$/i.exec(scope.text());
  if (match === null) throw scope.wrong("an origin such as `http://localhost:80`");
  return { host: match[1] as string, path: match[2] as string };
}

/** A flat list, as Node has it, or an object, as fetch has it. */
function fieldsOf(...places: readonly Value[]): readonly HeaderField[] {
  const value = places.find(({ isThere }) => isThere);
  if (value === undefined) return [];
  if (value.node?.kind !== "list") {
    return value.entries().flatMap(([name, one]) => allOf(one).map((text) => [name, text] as const));
  }
  const texts = value.items().map((item) => item.text());
  return texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? ""] as const] : []));
}

function allOf(value: Value): readonly string[] {
  return value.node?.kind === "list" ? value.items().map((item) => item.text()) : [value.text()];
}

/** nock hexes a body that is no UTF-8, and says so of answers only. */
function requestBodyOf(body: Value): Told["requestBody"] {
  if (!body.isThere || body.json === '""') return undefined;
  if (body.node?.kind === "text") return body.node.text === "*" ? "unknown" : textBytes(body.node.text);
  return hexPieces(body) ?? trimmed(jsonBytes(body, undefined));
}

/** Clients end their JSON without a line end. */
function trimmed(bytes: Buffer): Buffer {
  return bytes.subarray(0, -1);
}

function responseBodyOf(definition: Value, fields: readonly HeaderField[]): Buffer {
  const response = definition.get("response");
  const encoding = fieldValue(fields, "Content-Encoding");
  const isBinary = definition.get("responseIsBinary").json === "true";
  if (!response.isThere) return Buffer.alloc(0);
  if (encoding !== undefined) return unpacked(hexPieces(response) ?? Buffer.alloc(0), encoding, response);
  if (isBinary) return Buffer.from(response.text(), "hex");
  if (response.node?.kind === "text") return textBytes(response.node.text);
  const size = fieldValue(fields, "Content-Length");
  return hexPieces(response) ?? jsonBytes(response, size === undefined ? undefined : Number(size));
}

function textBytes(text: string): Buffer {
  return hexBytes(text) ?? Buffer.from(text);
}

/** Packed bodies are kept in pieces, each in hex. */
function hexPieces({ node }: Value): Buffer | undefined {
  const items = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  const texts = items.map((item) => (item.kind === "text" ? item.text : " "));
  return hexBytes(texts.join(""));
}
