import { CassetteError } from "../base/errors.ts";
import { createErrorAt } from "../yaml/error-at.ts";
import type { StreamEvent } from "./model.ts";
import { findFirstContent } from "./read/first-content.ts";
import type { Cassette, CassetteEntry } from "./read.ts";

/** Cassettes up to so many bytes are parsed whole before they are used, so that errors show early. Parsing takes a second for some MB. */
export const CHECKED_SIZE: number = 4 * 1024 * 1024;

/**
 * Finds the errors of all exchanges of a cassette: it parses every document and follows every reference.
 * @example
 * const errors = checkCassette(readCassette("web.yaml"));
 */
export function checkCassette(cassette: Cassette): readonly CassetteError[] {
  const faults = cassette.entries.flatMap(findEntryFaults);
  // A broken document may have the mark, and an unfinished recording may lack it.
  return faults.length > 0 || cassette.header.isUnfinished ? faults : findMarkFaults(cassette);
}

function findEntryFaults(entry: CassetteEntry): readonly CassetteError[] {
  try {
    entry.readExchange();
    return [];
  } catch (error) {
    if (error instanceof CassetteError) return [error];
    throw error;
  }
}

/** An `until` without its `mark` would wait forever. */
function findMarkFaults({ file, entries }: Cassette): readonly CassetteError[] {
  const marks = new Set(entries.flatMap((entry) => listEventNames(entry, "mark")));
  return entries.flatMap((entry) => {
    const lost = listEventNames(entry, "until").find((name) => !marks.has(name));
    return lost === undefined ? [] : [createLostMarkError(file, entry, lost)];
  });
}

function listEventNames(entry: CassetteEntry, kind: "mark" | "until"): readonly string[] {
  return (entry.readExchange().stream ?? []).flatMap((event: StreamEvent) => (event.kind === kind ? [event.name] : []));
}

function createLostMarkError(file: string, entry: CassetteEntry, name: string): CassetteError {
  const text = entry.readText();
  const above = text.slice(0, findFirstContent(text)).split("\n").length - 1;
  const lines = [...text.matchAll(/^\s*- ["']?until["']?: */gm)].map(({ index, 0: lead }) => index + lead.length);
  const offset = lines.find((at) => text.slice(at).replace(/^["']/, "").startsWith(name)) ?? 0;
  const source = { file, text, firstLine: entry.line - above };
  return createErrorAt(
    source,
    offset,
    "WHALESONG_CASSETTE_NAME",
    `\`until\` names \`${name}\`, but no stream has that \`mark\``,
  );
}
