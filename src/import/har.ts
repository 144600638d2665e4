/** HTTP archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), of browsers, proxies and libraries. */
import { fieldValue, type HeaderField } from "../wire/head.ts";
import { reasonOf } from "../wire/reasons.ts";
import { asGoWrites, without } from "./fields.ts";
import { type Foreign, type LeftOut, leftOut, type Told } from "./told.ts";
import type { Value } from "./value.ts";

/** What was decoded no longer fits these; the names of HTTP/2 that begin with a colon are no fields. */
const STALE = /^(content-encoding|:.*)$/i;
const NO_TEXT = "\ufffd";

/** @throws CassetteError `WHALESONG_IMPORT_SHAPE` for what is no HAR */
export function readHar(root: Value): Foreign {
  const told: Told[] = [];
  const left: LeftOut[] = [];
  for (const entry of root.get("log").get("entries").items()) {
    const one = toldBy(entry);
    const why = whyNot(one);
    if (why === undefined) told.push(one);
    else left.push(leftOut(one, why));
  }
  return { told, leftOut: left };
}

function toldBy(entry: Value): Told {
  const [request, response] = [entry.get("request"), entry.get("response")];
  const { host, target } = addressOf(request.get("url"));
  const status = response.get("status").number();
  return {
    entry,
    host,
    method: request.get("method").text(),
    target,
    requestFields: without(fieldsOf(request.get("headers")), STALE),
    requestBody: requestBodyOf(request),
    status,
    reason: response.get("statusText").textOr("") || reasonOf(status),
    fields: asGoWrites(without(fieldsOf(response.get("headers")), STALE)),
    body: bytesOf(response.get("content")),
    ...timesOf(entry),
  };
}

function addressOf(url: Value): { host: string; target: string } {
  const match = /^[a-z+]+:\/\/([^/?#]*)([^#]*)/i.exec(url.text());
  if (match === null) throw url.wrong("an absolute URL");
  const [, host = "", target = ""] = match;
  return { host, target: target.startsWith("/") ? target : `/${target}` };
}

function fieldsOf(headers: Value): readonly HeaderField[] {
  return headers.isThere ? headers.items().map((field) => [field.get("name").text(), field.get("value").text()]) : [];
}

/** Browsers save a request's bytes as text, whatever they are: what text cannot hold is not known. */
function requestBodyOf(request: Value): Told["requestBody"] {
  const data = request.get("postData");
  const bytes = data.get("text").isThere ? bytesOf(data) : undefined;
  const size = fieldValue(fieldsOf(request.get("headers")), "Content-Length") ?? request.get("bodySize").numberOr(0);
  if (bytes !== undefined && bytes.length > 0) return isWhole(bytes, Number(size)) ? bytes : "unknown";
  return Number(size) > 0 ? "unknown" : undefined;
}

function isWhole(bytes: Buffer, size: number): boolean {
  return (size <= 0 || bytes.length === size) && !bytes.includes(NO_TEXT);
}

function bytesOf(content: Value): Buffer {
  const text = content.get("text").textOr("");
  return Buffer.from(text, content.get("encoding").textOr("") === "base64" ? "base64" : "utf8");
}

function timesOf(entry: Value): Pick<Told, "times"> {
  const asked = Date.parse(entry.get("startedDateTime").textOr(""));
  if (Number.isNaN(asked)) return {};
  const ended = asked + Math.max(0, entry.get("time").numberOr(0));
  const receive = Math.max(0, entry.get("timings").get("receive").numberOr(0));
  return { times: { asked, answered: Math.max(asked, ended - receive), ended } };
}

function whyNot({ entry, method, status, fields, body }: Told): string | undefined {
  const content = entry.get("response").get("content");
  if (status === 0) return "it was not answered";
  if (method === "HEAD" || status === 204 || status === 304) return undefined;
  if (!content.get("text").isThere && content.get("size").numberOr(0) > 0) return "its body was not saved";
  if (content.get("encoding").textOr("") !== "base64" && body.includes(NO_TEXT))
    return "its body is no text, but was saved as text";
  const size = fieldValue(fields, "Content-Length");
  const isPacked = fieldValue(fieldsOf(entry.get("response").get("headers")), "Content-Encoding") !== undefined;
  if (!isPacked && size !== undefined && Number(size) !== body.length)
    return `${body.length} bytes of its body were saved, of ${size}`;
  return undefined;
}
