/** Edits of cassettes: pure changes of their documents. Disk and sidecars are the business of save-edited.ts. */
import { formatDuration, toMilliseconds } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import type { CassetteHeader, Exchange } from "../../cassette/model.ts";
import type { Cassette, CassetteEntry } from "../../cassette/read.ts";
import { formatExchange, formatHeader } from "../../cassette/write.ts";
import { renameInResponse } from "../../compare/exchange-names.ts";
import { withoutReferences } from "../../record/without-references.ts";
import { editDocument, mapParts, toDocument } from "./map-exchange.ts";

/** A wait of a stream or of a build, in a line of its own. */
const WAIT_LINE = /^(\s*- wait: )(\S+)( .*)?$/gm;
const COMMENT_LINE = /^\s*#/m;

/** The documents of the exchanges that are chosen. What they refer to in the others is left out. */
export function selectDocuments(cassette: Cassette, isChosen: (entry: CassetteEntry) => boolean): string {
  const lost = cassette.entries.filter((entry) => !isChosen(entry)).flatMap(listNames);
  return cassette.entries
    .filter(isChosen)
    .map((entry) => withoutReferences(toDocument(entry), lost))
    .join("");
}

/** The names that others may refer to: its own, and those of its marks. */
function listNames(entry: CassetteEntry): readonly string[] {
  const { stream = [] } = entry.readExchange();
  const marks = stream.flatMap((event) => (event.kind === "mark" ? event.name : []));
  return entry.name === undefined ? marks : [entry.name, ...marks];
}

/**
 * The documents of `added`, to stand behind those of `first`: names that both have get a number.
 * @throws UsageError `WHALESONG_CANNOT_MERGE` if every response of the two has other headers
 */
export function appendDocuments(first: Cassette, added: Cassette): readonly Exchange[] {
  if (formatHeader(onlyHeaders(first.header)) !== formatHeader(onlyHeaders(added.header))) {
    const message = `cannot merge \`${added.file}\` into \`${first.file}\`: their daemons send other headers (\`every-response\`); replay both instead: whalesong replay ${first.file} ${added.file}`;
    throw new UsageError("WHALESONG_CANNOT_MERGE", message);
  }
  const taken = new Set(first.entries.flatMap(listNames));
  const names = new Map(added.entries.flatMap(listNames).map((name) => [name, toFreeName(name, taken)]));
  return added.entries.map((entry) => renameReferences(entry.readExchange(), names));
}

function onlyHeaders({ version, everyResponse }: CassetteHeader): CassetteHeader {
  const rules = { ignore: [], bind: {}, match: [], exact: [] };
  return { version, everyResponse, rules, isUnfinished: false };
}

function toFreeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
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
export function mergeHeaders(first: CassetteHeader, added: CassetteHeader): CassetteHeader {
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
