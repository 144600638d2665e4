/** Walks through a cassette of any size: a few exchanges are held at a time. */
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { type DigestOptions, digestExchange, type ExchangeDigest } from "./digest/digest-exchange.ts";
import { NameBook } from "./digest/name-book.ts";
import { type ParsedExchange, parseParts } from "./digest/parsed-exchange.ts";

/** Exchanges that are held at a time. */
const MOST_BEGUN = 16;

export interface DigestedEntry extends ParsedExchange {
  readonly digest: ExchangeDigest;
}

/** The exchanges in their order. Some are begun ahead, because a screen or a tar lets the others wait. */
export async function* digestEntries(cassette: CassetteWalk, options: DigestOptions): AsyncGenerator<DigestedEntry> {
  const names = new NameBook();
  const begun: Promise<DigestedEntry>[] = [];
  for (const entry of cassette.entries) {
    begun.push(digestEntry(entry, names, options));
    if (begun.length > MOST_BEGUN) yield await (begun.shift() as Promise<DigestedEntry>);
  }
  yield* begun;
}

async function digestEntry(entry: CassetteEntry, names: NameBook, options: DigestOptions): Promise<DigestedEntry> {
  const parsed = parseParts(entry, entry.skimExchange());
  const { exchange, operation, values } = parsed;
  return { entry, exchange, operation, values, digest: await digestExchange(parsed, names, options) };
}
