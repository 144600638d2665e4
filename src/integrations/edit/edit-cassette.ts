/**
 * Edits of cassettes: pure changes of their documents, one after the other. Disk and sidecars are the business of
 * save-edited.ts.
 */
import { formatDuration, toMilliseconds } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import { formatShellLine } from "../../base/shell-words.ts";
import type { CassetteHeader, Exchange } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { formatExchange, formatHeader } from "../../cassette/write.ts";
import { renameInResponse } from "../../compare/exchange-names.ts";
import { withoutReferences } from "../../record/write/without-references.ts";
import { editDocument, mapParts, toDocument } from "./map-exchange.ts";

/** A wait of a stream or of a build, in a line of its own. */
const WAIT_LINE = /^(\s*- wait: )(\S+)( .*)?$/gm;
const COMMENT_LINE = /^\s*#/m;

/** The documents of the exchanges that are chosen. What they refer to in the others is left out. */
export function* selectDocuments(
  { entries }: CassetteWalk,
  isChosen: (entry: CassetteEntry) => boolean,
): Generator<string> {
  const lost = new Set<string>();
  for (const entry of entries) if (!isChosen(entry)) addAll(lost, listNames(entry));
  for (const entry of entries) if (isChosen(entry)) yield withoutReferences(toDocument(entry), lost);
}

function addAll(names: Set<string>, added: readonly string[]): void {
  for (const name of added) names.add(name);
}

/** The names that others may refer to: its own, and those of its marks. */
function listNames(entry: CassetteEntry): readonly string[] {
  const { stream = [] } = entry.readExchange();
  const marks = stream.flatMap((event) => (event.kind === "mark" ? event.name : []));
  return entry.name === undefined ? marks : [entry.name, ...marks];
}

/** How cassettes become one: their rules are joined, and names that two of them have get a number. */
export class CassetteMerge {
  readonly #first: CassetteWalk;
  readonly #taken = new Set<string>();
  /** For each added cassette the names that it has now, by those that it had. */
  readonly #renamed: ReadonlyMap<string, string>[] = [];
  #header: CassetteHeader;

  constructor(first: CassetteWalk) {
    this.#first = first;
    this.#header = first.header;
    for (const entry of first.entries) addAll(this.#taken, listNames(entry));
  }

  get header(): CassetteHeader {
    return this.#header;
  }

  /**
   * Notes a further cassette, whose documents are to stand behind the others.
   * @throws UsageError `WHALESONG_CANNOT_MERGE` if every response of the two has other headers
   */
  add({ file, header, entries }: CassetteWalk): void {
    const { file: first } = this.#first;
    if (formatHeader(onlyHeaders(this.#first.header)) !== formatHeader(onlyHeaders(header))) {
      const message = `cannot merge \`${file}\` into \`${first}\`: their daemons send other headers (\`every-response\`); replay both instead: ${formatShellLine(["whalesong", "replay", first, file])}`;
      throw new UsageError("WHALESONG_CANNOT_MERGE", message);
    }
    const own = new Set<string>();
    for (const entry of entries) addAll(own, listNames(entry));
    const isTaken = (name: string): boolean => this.#taken.has(name);
    const clashing = [...own].filter(isTaken);
    addAll(this.#taken, [...own]);
    const renamed = new Map<string, string>();
    for (const name of clashing) {
      const free = toFreeName(name, isTaken);
      this.#taken.add(free);
      renamed.set(name, free);
    }
    this.#renamed.push(renamed);
    this.#header = mergeHeaders(this.#header, header);
  }

  /** The documents of added cassette number `number`, counted from 0. */
  *listDocuments({ entries }: CassetteWalk, number: number): Generator<string> {
    const renamed = this.#renamed[number] ?? new Map<string, string>();
    for (const entry of entries) yield formatExchange(renameReferences(entry.readExchange(), renamed));
  }
}

function onlyHeaders({ version, everyResponse }: CassetteHeader): CassetteHeader {
  const rules = { ignore: [], bind: {}, match: [], exact: [] };
  return { version, everyResponse, rules, isUnfinished: false };
}

function toFreeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name}-${number}`;
  return free;
}

function renameReferences(exchange: Exchange, names: ReadonlyMap<string, string>): Exchange {
  const rename = (name: string): string => names.get(name) ?? name;
  const { name, during, response, stream } = exchange;
  const isReference = (kind: string): boolean => kind === "cue" || kind === "mark" || kind === "until";
  return {
    ...exchange,
    ...(name === undefined ? {} : { name: rename(name) }),
    ...(during === undefined ? {} : { during: during.map(rename) }),
    response: response && renameInResponse(response, rename),
    ...(stream === undefined
      ? {}
      : {
          stream: stream.map((event) =>
            isReference(event.kind) && "name" in event ? { ...event, name: rename(event.name) } : event,
          ),
        }),
  };
}

/** Rules of both; the first one's `recorded` and ports count. */
function mergeHeaders(first: CassetteHeader, added: CassetteHeader): CassetteHeader {
  const join = <T>(one: readonly T[], two: readonly T[]): readonly T[] => [...new Set([...one, ...two])];
  const { rules: a } = first;
  const { rules: b } = added;
  const presets = a.presets === undefined || b.presets === undefined ? undefined : join(a.presets, b.presets);
  const rules = {
    ignore: join(a.ignore, b.ignore),
    bind: { ...b.bind, ...a.bind },
    match: join(a.match, b.match),
    exact: join(a.exact, b.exact),
    ...(presets === undefined ? {} : { presets }),
  };
  const ports = { ...added.ports, ...first.ports };
  return { ...first, rules, ...(Object.keys(ports).length === 0 ? {} : { ports }) };
}

/** @param toMs the new length of a pause; 0 removes it */
export function retimeDocument(entry: CassetteEntry, toMs: (ms: number) => number): string {
  const changed = mapParts(entry.readExchange(), (part) => retimePart(part, toMs));
  return editDocument(entry, changed, (text) =>
    text.replace(WAIT_LINE, (line, lead: string, duration: string, rest = "") => {
      const ms = toMs(toMilliseconds(duration) ?? 0);
      return ms > 0 ? `${lead}${formatDuration(ms)}${rest}` : line;
    }),
  );
}

function retimePart(part: object, toMs: (ms: number) => number): unknown {
  if (Array.isArray(part) && part.some(isWait)) {
    const kept = part.map((event) => (isWait(event) ? { ...event, ms: toMs(event.ms) } : event));
    return kept.filter((event) => !isWait(event) || event.ms > 0);
  }
  if (!("waitMs" in part) || typeof part.waitMs !== "number") return undefined;
  const { waitMs, ...rest } = part;
  const ms = toMs(waitMs);
  return ms > 0 ? { ...part, waitMs: ms } : rest;
}

function isWait(part: unknown): part is { readonly kind: "wait"; readonly ms: number } {
  return typeof part === "object" && part !== null && "kind" in part && part.kind === "wait" && "ms" in part;
}

/** In the one spelling that a recorder writes. A document with comments stays as it is: they would be lost. */
export function respellDocument(entry: CassetteEntry): string {
  return COMMENT_LINE.test(entry.readText()) ? toDocument(entry) : formatExchange(entry.readExchange());
}
