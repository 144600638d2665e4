/** An exchange that is looked at, and what is parsed of it once: its digest and its record need the same. */
import type { Exchange, RecordedBody } from "../../cassette/model.ts";
import type { CassetteEntry } from "../../cassette/read.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";
import { parseJsonBytes } from "./json-value.ts";

export interface ParsedExchange {
  readonly entry: CassetteEntry;
  readonly exchange: Exchange;
  readonly operation: Operation;
  readonly values: BodyValues;
}

/** The JSON of each body; undefined where there is none. */
export interface BodyValues {
  readonly request: unknown;
  readonly response: unknown;
}

export function parseParts(entry: CassetteEntry, exchange: Exchange): ParsedExchange {
  const { request, response } = exchange;
  const values = { request: parseBody(request.body), response: parseBody(response?.body) };
  return { entry, exchange, operation: parseOperation(request.method, request.target), values };
}

function parseBody(body: RecordedBody | undefined): unknown {
  return Buffer.isBuffer(body) ? parseJsonBytes(body) : undefined;
}
