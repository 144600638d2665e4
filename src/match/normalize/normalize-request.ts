/** Turns a request's head into the form in which it is looked up and compared. The replay and `suggest` call it. */
import type { HeaderField } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { NormalizeOptions } from "./normalize-body.ts";
import { normalizeQuery } from "./normalize-query.ts";

/** Method, API version, path, query and compared headers. Equivalent requests have equal keys. */
export interface NormalizedRequest {
  readonly method: string;
  readonly operation: Operation;
  readonly query: readonly (readonly [string, string])[];
  /** The headers that a `match` rule names, in lower case, and those that a session is asked for by. */
  readonly headers: readonly HeaderField[];
  readonly key: string;
}

/** The head of a request, as far as it can be compared. */
export interface RequestHeadLike {
  readonly method: string;
  readonly operation: Operation;
  readonly headers: readonly HeaderField[];
}

/** @param options `translate` turns today's text into the recording's (match/bindings.ts) */
export function normalizeRequest(
  { method, operation: original, headers: allHeaders }: RequestHeadLike,
  { rules, translate }: NormalizeOptions,
): NormalizedRequest {
  const operation = translate === undefined ? original : translateOperation(original, translate);
  const query = normalizeQuery(operation, rules);
  const compared = operation.name === "Session" ? [...rules.headers, ...SESSION_HEADERS] : rules.headers;
  const headers = compared.length === 0 ? NO_HEADERS : selectHeaders(allHeaders, compared, translate);
  return withKey({ method, operation, query, headers });
}

const NO_HEADERS: readonly HeaderField[] = [];
/** A session is opened or refused by what it asks for (moby api/server/router/session). */
const SESSION_HEADERS: readonly string[] = ["upgrade"];

function selectHeaders(
  headers: readonly HeaderField[],
  names: readonly string[],
  translate = (text: string) => text,
): readonly HeaderField[] {
  const findAll = (compared: string): readonly HeaderField[] =>
    headers
      .filter(([name]) => name.toLowerCase() === compared)
      .map(([, value]): HeaderField => [compared, translate(value)]);
  return names.flatMap(findAll);
}

function translateOperation(operation: Operation, translate: (text: string) => string): Operation {
  const params = Object.entries(operation.params).map(([name, value]) => [name, translate(value)] as const);
  const query = operation.query.map(([name, value]) => [name, translate(value)] as const);
  return { ...operation, path: translate(operation.path), params: Object.fromEntries(params), query };
}

/** The key with `id` in the place of the container's name or short id: one container has one key under all its names. */
export function formatKeyForContainer(request: NormalizedRequest, id: string): string {
  return formatKey(request, replaceContainer(request.operation.path, id));
}

/** The same request at another path. */
export function withPath(request: NormalizedRequest, path: string): NormalizedRequest {
  return withKey({ ...request, operation: { ...request.operation, path } });
}

/** The path with `id` in the place of the container's name or short id. */
export function replaceContainer(path: string, id: string): string {
  const [, first, , ...rest] = path.split("/");
  return ["", first, id, ...rest].join("/");
}

/** The name or id of a container in the path; undefined where the path has none. */
export function findContainerReference({ name, params }: Operation): string | undefined {
  return /^(Container|PutContainer)/.test(name) ? params.id : undefined;
}

function withKey(request: Omit<NormalizedRequest, "key">): NormalizedRequest {
  return { ...request, key: formatKey(request, request.operation.path) };
}

/** The key of the request at another path. */
export function formatKey(
  { method, operation: { apiVersion = "" }, query, headers }: Omit<NormalizedRequest, "key">,
  path: string,
): string {
  let key = `${method} ${apiVersion} ${path}`;
  for (const [name, value] of query) key += `\n${name}=${value}`;
  for (const [name, value] of headers) key += `\n${name}: ${value}`;
  return key;
}
