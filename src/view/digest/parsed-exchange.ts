/** An exchange that is looked at, and what is parsed of it once: its digest and its record need the same. */
import type { Exchange, RecordedBody } from "../../cassette/model.ts";
import type { BodyJson, CassetteEntry, SkimmedBodies } from "../../cassette/read.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";
import { parseJsonText } from "./json-value.ts";

export interface ParsedExchange {
  readonly entry: CassetteEntry;
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly values: SkimmedBodies;
}

/** Looks at the exchange of an entry; its bodies are parsed, unless that was done on the way. */
export function parseEntry(entry: CassetteEntry): ParsedExchange {
  const { exchange, bodies } = entry.skim();
  return parseParts(entry, exchange, bodies);
}

export function parseParts(entry: CassetteEntry, exchange: Exchange, bodies?: SkimmedBodies): ParsedExchange {
  const { request, response } = exchange;
  const values = {
    request: bodies?.request ?? parseBody(request.body),
    response: bodies?.response ?? parseBody(response?.body),
  };
  return { entry, exchange, operation: parseOperation(request.method, request.target), values };
}

function parseBody(body: RecordedBody | undefined): BodyJson | undefined {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  const text = body.toString("utf8");
  const value = parseJsonText(text);
  return value === undefined ? undefined : { value, text };
}
