/** The values that occur in a recording, and those of them that the client brought along. */
import { detachText } from "../base/detach-text.ts";
import type { Exchange } from "../cassette/model.ts";
import type { CassetteWalk } from "../cassette/read.ts";
import { formatExchange } from "../cassette/write.ts";

const WORD = /[A-Za-z0-9][A-Za-z0-9_.:+-]*/g;

export interface ClientValues {
  /** Whether a request had it before any answer did. */
  has(value: string): boolean;
}

type Entries = Pick<CassetteWalk, "entries">;

/** Walks twice: the words of requests are kept, those of answers, such as whole logs, are not. */
export function collectClientValues({ entries }: Entries): ClientValues {
  const requested = new Map<string, number>();
  for (const entry of entries) {
    for (const word of listWords(decodeQuery(formatRequest(entry.readExchange()))))
      if (!requested.has(word)) requested.set(detachText(word), entry.index);
  }
  for (const entry of entries) {
    for (const word of listAllWords(entry.readExchange()))
      if ((requested.get(word) ?? -1) > entry.index) requested.delete(word);
  }
  return requested;
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
    for (const part of word.split(/[:._+-]/)) yield part;
  }
}

function decodeQuery(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, " ");
}
