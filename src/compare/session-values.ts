/** All values that occur in a recording, and those of them that the client brought along. */
import type { Cassette } from "../cassette/read.ts";
import { formatExchange } from "../cassette/write.ts";

const WORD = /[A-Za-z0-9][A-Za-z0-9_.:+-]*/g;

export interface SessionValues {
  has(value: string): boolean;
  /** Whether a request had it before any answer did. */
  isOfClient(value: string): boolean;
}

/** Reads the recording's text, exchange by exchange. */
export function collectSessionValues({ entries }: Cassette): SessionValues {
  const [all, ofClient] = [new Set<string>(), new Set<string>()];
  for (const entry of entries) {
    const { request, name: _, during: __, ...rest } = entry.readExchange();
    const requestText = formatExchange({ request, response: undefined });
    for (const word of listWords(decodeQuery(requestText))) if (!all.has(word)) ofClient.add(word);
    const text = formatExchange({ request: { ...request, target: "/", headers: [] }, ...rest });
    for (const word of [...listWords(requestText), ...listWords(text)]) all.add(word);
  }
  return { has: (value) => all.has(value), isOfClient: (value) => ofClient.has(value) };
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
