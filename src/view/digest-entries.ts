/** Walks through a cassette of any size: a few exchanges are held at a time. */
import { ignore } from "../base/ignore.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { type DigestOptions, digestExchange, type ExchangeDigest } from "./digest/digest-exchange.ts";
import { NameBook } from "./digest/name-book.ts";
import { type ParsedExchange, parseEntry } from "./digest/parsed-exchange.ts";

/** Exchanges that are held at a time. */
const BATCH = 16;

export interface DigestedEntry extends ParsedExchange {
  readonly digest: ExchangeDigest;
}

type Awaitable<T> = T | Promise<T>;

/**
 * The exchanges in their order, some at a time: a screen or a tar lets others wait, and each wait takes a turn, which is
 * longer than it takes to digest an exchange that has neither.
 */
export async function* digestEntries(
  cassette: CassetteWalk,
  options: DigestOptions,
): AsyncGenerator<readonly DigestedEntry[]> {
  const names = new NameBook();
  let begun: Awaitable<DigestedEntry>[] = [];
  for (const entry of cassette.entries) {
    begun.push(digestEntry(entry, names, options));
    if (begun.length < BATCH) continue;
    yield await waitForAll(begun);
    begun = [];
  }
  yield await waitForAll(begun);
}

function digestEntry(entry: CassetteEntry, names: NameBook, options: DigestOptions): Awaitable<DigestedEntry> {
  const parsed = parseEntry(entry);
  const digest = digestExchange(parsed, names, options);
  if (!(digest instanceof Promise)) return withDigest(parsed, digest);
  const digested = digest.then((done) => withDigest(parsed, done));
  // An entry behind it may fail at once, and then this one is waited for no more.
  digested.catch(ignore);
  return digested;
}

function withDigest({ entry, exchange, operation, values }: ParsedExchange, digest: ExchangeDigest): DigestedEntry {
  return { entry, exchange, operation, values, digest };
}

function waitForAll<T>(begun: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return begun.some((one) => one instanceof Promise) ? Promise.all(begun) : (begun as readonly T[]);
}
