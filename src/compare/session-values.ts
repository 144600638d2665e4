/** The values that occur in a recording, and those of them that the client brought along. */
import { detachText } from "../base/detach-text.ts";
import type { Exchange } from "../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { formatExchange } from "../cassette/write.ts";
import { isGeneratedName, isToken } from "./tokens.ts";

const WORD = /[A-Za-z0-9][A-Za-z0-9_.:+-]*/g;
/** Shorter ones are neither an id nor the name of a thing: `a_b` is the shortest. */
const LONG_WORD = /[A-Za-z0-9][A-Za-z0-9_.:+-]{2,}/g;
/** The names of exchanges, which are the cassette's own. */
const REFERENCES = /^(?:name|during):.*\n(?:[ \t].*\n)*/gm;

const SEPARATOR = /[:._+-]/;

export interface ClientValues {
  /** Whether a request had it before any answer did. */
  has(value: string): boolean;
}

type Entries = Pick<CassetteWalk, "entries">;

/**
 * Of all words, only those that can be asked for are kept: values of a shape that a daemon makes, and names of the form
 * that it gives. Nothing is read before the first question: two recordings with equal values ask none.
 */
export function collectClientValues({ entries }: Entries): ClientValues {
  let collected: ReadonlyMap<string, number> | undefined;
  return {
    has: (value) => {
      collected ??= collectRequested(entries);
      return collected.has(value);
    },
  };
}

/** Walks twice: the words of requests are kept, those of answers, such as whole logs, are not. */
function collectRequested(entries: Entries["entries"]): ReadonlyMap<string, number> {
  const requested = new Map<string, number>();
  for (const entry of entries) {
    for (const word of listLongWords(decodeQuery(readRequestText(entry))))
      if (!requested.has(word) && canBeMade(word)) requested.set(detachText(word), entry.index);
  }
  if (requested.size === 0) return requested;
  for (const entry of entries) {
    for (const word of listLongWords(entry.readText().replace(REFERENCES, "")))
      if ((requested.get(word) ?? -1) > entry.index) requested.delete(word);
  }
  return requested;
}

function canBeMade(word: string): boolean {
  return isToken(word) || isGeneratedName(word);
}

/** A request that is nothing but its line needs not be parsed. */
function readRequestText(entry: CassetteEntry): string {
  return entry.isBare ? `${entry.method} ${entry.target}` : formatRequest(entry.skim().exchange);
}

/** All words of a recording. */
export function collectValues({ entries }: Entries): ReadonlySet<string> {
  const values = new Set<string>();
  for (const entry of entries) for (const word of listAllWords(entry.readExchange())) values.add(word);
  return values;
}

function formatRequest({ request }: Exchange): string {
  return formatExchange({ request, response: undefined });
}

function* listAllWords(exchange: Exchange): Generator<string> {
  const { request, name: _, during: __, ...rest } = exchange;
  yield* listWords(formatRequest(exchange));
  yield* listWords(formatExchange({ request: { ...request, target: "/", headers: [] }, ...rest }));
}

/** Every word, and every part of it that stands by itself. */
function* listWords(text: string): Generator<string> {
  for (const [word] of text.matchAll(WORD)) {
    yield word;
    for (const part of word.split(SEPARATOR)) yield part;
  }
}

function* listLongWords(text: string): Generator<string> {
  for (const [word] of text.matchAll(LONG_WORD)) {
    yield word;
    if (SEPARATOR.test(word)) yield* word.split(SEPARATOR);
  }
}

function decodeQuery(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, " ");
}
