/** A request in the form it is looked up and compared in. */
import type { HeaderField } from "../wire/head.ts";
import type { Operation } from "../wire/operation.ts";
import type { Reading } from "./body.ts";
import { canonicalQuery } from "./query.ts";
import type { Ruling } from "./rules/ruling.ts";

/** Method, version, path, query and compared headers of a request: requests that mean the same have equal keys. */
export interface Asked {
  readonly method: string;
  readonly operation: Operation;
  readonly query: readonly (readonly [string, string])[];
  /** Those that a `match` rule names, in lower case. */
  readonly headers: readonly HeaderField[];
  readonly key: string;
}

/** The head of a request, as far as it can be compared. */
export interface AskedHead {
  readonly method: string;
  readonly operation: Operation;
  readonly headers: readonly HeaderField[];
}

/** The request as it is looked up. `translate` says today's words in the recording's (match/bindings.ts). */
export function asked({ method, operation: today, headers: all }: AskedHead, { ruling, translate }: Reading): Asked {
  const operation = translate === undefined ? today : translatedOperation(today, translate);
  const query = canonicalQuery(operation, ruling);
  const headers = ruling.headers.length === 0 ? NO_HEADERS : comparedHeaders(all, ruling, translate);
  return keyed({ method, operation, query, headers });
}

const NO_HEADERS: readonly HeaderField[] = [];

function comparedHeaders(
  all: readonly HeaderField[],
  { headers }: Ruling,
  translate = (text: string) => text,
): readonly HeaderField[] {
  return headers.flatMap((wanted) =>
    all.filter(([name]) => name.toLowerCase() === wanted).map(([, value]): HeaderField => [wanted, translate(value)]),
  );
}

function translatedOperation(operation: Operation, translate: (text: string) => string): Operation {
  const params = Object.entries(operation.params).map(([name, value]) => [name, translate(value)] as const);
  const query = operation.query.map(([name, value]) => [name, translate(value)] as const);
  return { ...operation, path: translate(operation.path), params: Object.fromEntries(params), query };
}

/** The key with the container's name or short id replaced by `id`: one thing under all its names. */
export function keyUnder(request: Asked, id: string): string {
  return keyAt(request, pathUnder(request.operation.path, id));
}

/** The same request, asked at another path. */
export function askedAt(request: Asked, path: string): Asked {
  return keyed({ ...request, operation: { ...request.operation, path } });
}

/** The path with the container's name or short id replaced by `id`. */
export function pathUnder(path: string, id: string): string {
  const [, first, , ...rest] = path.split("/");
  return ["", first, id, ...rest].join("/");
}

/** The reference to a container that the path holds, if it does. */
export function containerReference({ name, params }: Operation): string | undefined {
  return /^(Container|PutContainer)/.test(name) ? params.id : undefined;
}

function keyed(request: Omit<Asked, "key">): Asked {
  return { ...request, key: keyAt(request, request.operation.path) };
}

/** The key that the request would have if it were asked at `path`. */
export function keyAt(
  { method, operation: { apiVersion = "" }, query, headers }: Omit<Asked, "key">,
  path: string,
): string {
  let key = `${method} ${apiVersion} ${path}`;
  for (const [name, value] of query) key += `\n${name}=${value}`;
  for (const [name, value] of headers) key += `\n${name}: ${value}`;
  return key;
}
