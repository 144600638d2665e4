/**
 * Finds recorded exchanges by the key of a request: under the recorded path, under another name of its container, or by
 * a path pattern. A lookup costs the same among 100,000 exchanges as among ten.
 */
import type { CassetteEntry } from "../../cassette/read/entry.ts";
import type { ContainerNames } from "../../match/container-names.ts";
import {
  findContainerReference,
  formatKey,
  formatKeyForContainer,
  type NormalizedRequest,
  normalizeRequest,
  replaceContainer,
  withPath,
} from "../../match/normalize/normalize-request.ts";
import { matchesRedacted } from "../../match/normalize/redacted-values.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import { hasPlaceholder } from "../../secrets/placeholders.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { AliasMap } from "./alias-map.ts";
import { EntryMap } from "./entry-map.ts";
import type { IndexEntry } from "./path-entries.ts";

/** Whether the request's body decides which of these exchanges answers. */
export function isBodyNeeded(entries: readonly IndexEntry[]): boolean {
  for (const { changes } of entries) if (changes.needsBody) return true;
  return false;
}

export interface ExchangeIndexOptions {
  readonly rules: ResolvedRules;
  /** Grows during the run: which names belong to one container. */
  readonly names: ContainerNames;
  /** Grows during the run: what has been played. */
  readonly played: Set<PlacedExchange>;
}

/** How many recorded requests are remembered as they are compared: one miss compares 300. */
const REMEMBERED = 2000;

/** What a request has found. */
interface FoundEntries {
  /** That of the names of containers. */
  readonly version: number;
  readonly container: string | undefined;
  /** Undefined before it is asked for. */
  entries: readonly IndexEntry[] | undefined;
}

export class ExchangeIndex {
  readonly #options: ExchangeIndexOptions;
  readonly #entries: EntryMap;
  /** The same exchanges under their container's long id. */
  readonly #aliasEntries: AliasMap;
  /** Exchanges with patterns for paths, written by hand. They are tried when no plain path answers. */
  readonly #patterns: PlacedExchange[] = [];
  /** Exchanges with secrets in what is looked up. They stand for every value, and are tried last. */
  readonly #redacted: PlacedExchange[] = [];

  /** What a request has found, for as long as no name changes: calls with equal heads share their normalized request. */
  readonly #found = new WeakMap<NormalizedRequest, FoundEntries>();
  /** The recorded requests that misses compare, which are the same ones for most misses. */
  readonly #compared = new Map<PlacedExchange, NormalizedRequest>();

  constructor(exchanges: Iterable<PlacedExchange>, options: ExchangeIndexOptions) {
    this.#options = options;
    const { played, rules } = options;
    this.#entries = new EntryMap({ played, rules, formatKey: (placed) => this.normalize(placed).key });
    const formatAliasKey = (placed: PlacedExchange): string =>
      formatKeyForContainer(this.normalize(placed), placed.container ?? "");
    this.#aliasEntries = new AliasMap(this.#entries, { played, rules, formatKey: formatAliasKey });
    for (const placed of exchanges) this.#add(placed);
  }

  /** All entries, each under its recorded key; an exchange stands for one that was not asked for. */
  get entries(): Iterable<IndexEntry | PlacedExchange> {
    return this.#entries.listAll();
  }

  /** Exchanges of one recorded path, of any method and version, in recorded order. */
  listAtPath(path: string): readonly PlacedExchange[] {
    return this.#entries.listAt(path);
  }

  /** The recorded path first, then the same container under another of its names, then patterns. */
  findEntries(request: NormalizedRequest): readonly IndexEntry[] {
    const found = this.#find(request);
    found.entries ??= this.#lookUp(request, found.container);
    return found.entries;
  }

  #find(request: NormalizedRequest): FoundEntries {
    const { version } = this.#options.names;
    const known = this.#found.get(request);
    if (known?.version === version) return known;
    const found = { version, container: this.#resolveContainer(request), entries: undefined };
    this.#found.set(request, found);
    return found;
  }

  #lookUp(request: NormalizedRequest, id: string | undefined): IndexEntry[] {
    const literal = this.#entries.get(request.operation.path, request.key);
    const alias = id === undefined ? undefined : this.#findAlias(request, id);
    const entries = literal === undefined ? [] : [literal];
    if (alias !== undefined) entries.push(alias);
    if (this.#patterns.length === 0 && this.#redacted.length === 0) return entries;
    return [...new Set([...entries, ...this.#findPatternEntries(request), ...this.#findRedactedEntries(request)])];
  }

  #findAlias(request: NormalizedRequest, id: string): IndexEntry | undefined {
    return this.#aliasEntries.get(replaceContainer(request.operation.path, id), formatKeyForContainer(request, id));
  }

  /** Counts anew what has been played of the requests that are equal to this one. */
  recount(placed: PlacedExchange): void {
    const request = this.normalize(placed);
    const alias = placed.container === undefined ? undefined : this.#findAlias(request, placed.container);
    for (const entry of [this.#entries.get(placed.operation.path, request.key), alias]) {
      if (entry === undefined) continue;
      entry.changes.recount();
      entry.reads.recount(this.#options.played);
      entry.isRead ||= this.#options.played.has(placed);
    }
  }

  /** A recorded request in the form in which it is looked up. */
  normalize(placed: PlacedExchange): NormalizedRequest {
    const known = this.#compared.get(placed);
    if (known !== undefined) return known;
    const normalized = this.#normalizeAnew(placed);
    if (this.#compared.size >= REMEMBERED) this.#compared.clear();
    this.#compared.set(placed, normalized);
    return normalized;
  }

  #normalizeAnew({ entry, operation }: PlacedExchange): NormalizedRequest {
    const { rules } = this.#options;
    const headers = readComparedHeaders(entry, operation, rules);
    return normalizeRequest({ method: entry.method, operation, headers }, { rules });
  }

  /** A recorded request, at the path of `request` where both name the same container or a pattern fits. */
  normalizeLike(placed: PlacedExchange, request: NormalizedRequest): NormalizedRequest {
    const recorded = this.normalize(placed);
    return this.#isSameTarget(placed, request) ? withPath(recorded, request.operation.path) : recorded;
  }

  #isSameTarget({ container, pattern, operation }: PlacedExchange, request: NormalizedRequest): boolean {
    const { path } = request.operation;
    if (pattern?.capture(path) !== undefined) return true;
    if (container === undefined || this.#find(request).container !== container) return false;
    return replaceContainer(path, container) === replaceContainer(operation.path, container);
  }

  #resolveContainer({ operation }: NormalizedRequest): string | undefined {
    const { names, rules } = this.#options;
    const reference = rules.allows("container-names") ? findContainerReference(operation) : undefined;
    return reference === undefined ? undefined : names.resolveContainer(reference);
  }

  #findPatternEntries(request: NormalizedRequest): readonly IndexEntry[] {
    const { method, operation } = request;
    const found = this.#patterns
      .filter(({ pattern, entry }) => entry.method === method && pattern?.capture(operation.path) !== undefined)
      .map((placed) => this.normalize(placed))
      .filter((recorded) => recorded.key === formatKey(request, recorded.operation.path));
    return this.#findRecorded(found);
  }

  #findRedactedEntries(request: NormalizedRequest): readonly IndexEntry[] {
    const { method, operation } = request;
    const found = this.#redacted
      .filter((placed) => placed.entry.method === method && placed.operation.name === operation.name)
      .filter((placed) => matchesRedacted(this.normalizeLike(placed, request).key, request.key))
      .map((placed) => this.normalize(placed));
    return this.#findRecorded(found);
  }

  /** The entries of recorded requests. */
  #findRecorded(requests: readonly NormalizedRequest[]): readonly IndexEntry[] {
    return [...new Set(requests.flatMap(({ operation, key }) => this.#entries.get(operation.path, key) ?? []))];
  }

  #add(placed: PlacedExchange): void {
    if (placed.pattern !== undefined) this.#patterns.push(placed);
    if (this.#hasPlaceholder(placed)) this.#redacted.push(placed);
    this.#entries.add(placed.operation.path, placed);
    this.#aliasEntries.add(placed);
  }

  /** Whether the key has one. Of most requests that is method, version and path, and only the last one can. */
  #hasPlaceholder(placed: PlacedExchange): boolean {
    const { operation } = placed;
    const isPlain = operation.query.length === 0 && this.#options.rules.headers.length === 0;
    const text = isPlain && operation.name !== "Session" ? operation.path : this.#normalizeAnew(placed).key;
    return hasPlaceholder(text);
  }
}

/** To parse a document only for headers that are not compared would be slow. */
function readComparedHeaders(
  entry: CassetteEntry,
  { name }: Operation,
  { headers }: ResolvedRules,
): readonly HeaderField[] {
  if (name === "Session") return readSessionHeaders(entry);
  return headers.length === 0 || entry.isBare ? [] : entry.readExchange().request.headers;
}

/** A session that was opened has asked for HTTP/2, whether or not the cassette says so. */
function readSessionHeaders(entry: CassetteEntry): readonly HeaderField[] {
  const { request, response } = entry.readExchange();
  return response?.status === 101 ? [["Upgrade", "h2c"]] : request.headers;
}
