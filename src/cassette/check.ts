import { CassetteError } from "../base/errors.ts";
import { createErrorAt } from "../yaml/error-at.ts";
import type { Exchange } from "./model.ts";
import { findFirstContent } from "./read/first-content.ts";
import type { CassetteEntry, CassetteWalk } from "./read.ts";

/** Cassettes up to so many bytes are parsed whole before they are used, so that errors show early. Parsing takes a second for some MB. */
export const CHECKED_SIZE: number = 4 * 1024 * 1024;

/**
 * Finds the errors of all exchanges of a cassette: it parses every document and follows every reference.
 * @param look called with each exchange that can be read
 * @example
 * const errors = checkCassette(readCassette("web.yaml"));
 */
export function checkCassette(
  cassette: CassetteWalk,
  look: (exchange: Exchange, entry: CassetteEntry) => void = () => undefined,
): readonly CassetteError[] {
  const faults: CassetteError[] = [];
  const marks = new MarkCheck();
  for (const entry of cassette.entries) {
    try {
      const exchange = entry.readExchange();
      marks.add(exchange, entry);
      look(exchange, entry);
    } catch (error) {
      if (!(error instanceof CassetteError)) throw error;
      faults.push(error);
    }
  }
  // A broken document may have the mark, and an unfinished recording may lack it.
  return faults.length > 0 || cassette.header.isUnfinished ? faults : marks.findLost(cassette);
}

/** An `until` without its `mark` would wait forever. */
class MarkCheck {
  readonly #marks = new Set<string>();
  /** The marks that an exchange waits for, by its number: the exchanges themselves are not kept. */
  readonly #untils = new Map<number, readonly string[]>();

  add({ stream = [] }: Exchange, { index }: CassetteEntry): void {
    for (const event of stream) if (event.kind === "mark") this.#marks.add(event.name);
    const untils = stream.flatMap((event) => (event.kind === "until" ? [event.name] : []));
    if (untils.length > 0) this.#untils.set(index, untils);
  }

  findLost({ file, entries }: CassetteWalk): readonly CassetteError[] {
    const lost = new Map<number, string>();
    for (const [index, untils] of this.#untils) {
      const name = untils.find((until) => !this.#marks.has(until));
      if (name !== undefined) lost.set(index, name);
    }
    if (lost.size === 0) return [];
    return [...entries].flatMap((entry) => {
      const name = lost.get(entry.index);
      return name === undefined ? [] : [createLostMarkError(file, entry, name)];
    });
  }
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
