/** An exchange that is looked at, and what is parsed of it once: its digest and its record need the same. */
import type { Exchange, RecordedBody } from "../../cassette/model.ts";
import type { CassetteEntry } from "../../cassette/read.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";
import { parseJsonText } from "./json-value.ts";

export interface ParsedExchange {
  readonly entry: CassetteEntry;
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly values: BodyValues;
}

export interface BodyValues {
  readonly request: BodyJson | undefined;
  readonly response: BodyJson | undefined;
}

/** A body that is JSON. */
export interface BodyJson {
  readonly value: unknown;
  /** As it is in the cassette. */
  readonly text: string;
}

export function parseParts(entry: CassetteEntry, exchange: Exchange): ParsedExchange {
  const { request, response } = exchange;
  const values = { request: parseBody(request.body), response: parseBody(response?.body) };
  return { entry, exchange, operation: parseOperation(request.method, request.target), values };
}

function parseBody(body: RecordedBody | undefined): BodyJson | undefined {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  const text = body.toString("utf8");
  const value = parseJsonText(text);
  return value === undefined ? undefined : { value, text };
}
