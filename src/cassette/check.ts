import { CassetteError } from "../base/errors.ts";
import { errorAt } from "../yaml/error-at.ts";
import type { StreamEvent } from "./model.ts";
import { firstContent } from "./read/first-content.ts";
import type { Cassette, Entry } from "./read.ts";

/** All that is wrong with the exchanges of a cassette: every document is parsed, every reference followed. */
export function checkCassette(cassette: Cassette): readonly CassetteError[] {
  const faults = cassette.entries.flatMap(faultsOf);
  // What could not be read may have held the mark, and what a recorder did not finish may lack it.
  return faults.length > 0 || cassette.header.isUnfinished ? faults : markFaults(cassette);
}

function faultsOf(entry: Entry): readonly CassetteError[] {
  try {
    entry.exchange();
    return [];
  } catch (error) {
    if (error instanceof CassetteError) return [error];
    throw error;
  }
}

/** An `until` without its `mark` would wait for ever. */
function markFaults({ file, entries }: Cassette): readonly CassetteError[] {
  const marks = new Set(entries.flatMap((entry) => namesOf(entry, "mark")));
  return entries.flatMap((entry) => {
    const lost = namesOf(entry, "until").find((name) => !marks.has(name));
    return lost === undefined ? [] : [lostMark(file, entry, lost)];
  });
}

function namesOf(entry: Entry, kind: "mark" | "until"): readonly string[] {
  return (entry.exchange().stream ?? []).flatMap((event: StreamEvent) => (event.kind === kind ? [event.name] : []));
}

function lostMark(file: string, entry: Entry, name: string): CassetteError {
  const text = entry.text();
  const above = text.slice(0, firstContent(text)).split("\n").length - 1;
  const lines = [...text.matchAll(/^\s*- ["']?until["']?: */gm)].map(({ index, 0: lead }) => index + lead.length);
  const offset = lines.find((at) => text.slice(at).replace(/^["']/, "").startsWith(name)) ?? 0;
  const source = { file, text, firstLine: entry.line - above };
  return errorAt(
    source,
    offset,
    "WHALESONG_CASSETTE_NAME",
    `\`until\` names \`${name}\`, but no stream has that \`mark\``,
  );
}
