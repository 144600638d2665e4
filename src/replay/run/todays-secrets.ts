/**
 * A cassette has placeholders where secrets stood. What a client sends in the place of one is what the daemon would
 * answer with today, in every place that has the same placeholder. It is kept for this run alone.
 */
import { pairRedacted, type RedactedPair } from "../../match/normalize/redacted-values.ts";
import {
  isPlaceholder,
  type PlaceholderMeaning,
  readPlaceholder,
  replacePlaceholders,
} from "../../secrets/placeholders.ts";
import type { TextSubstitution } from "./substitution.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a client has sent, and whether it has encoded it: then it may be the content of a file, with a line's end. */
interface TodaysSecret {
  readonly value: Buffer;
  readonly isContent: boolean;
}

export class TodaysSecrets implements TextSubstitution {
  readonly #values = new Map<number, TodaysSecret>();

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** @param within `json` where both are JSON as text */
  learn(recorded: string, got: string, within: "line" | "json"): void {
    for (const pair of pairRedacted(recorded, got, within)) this.#learnPair(pair, within);
  }

  #learnPair([placeholder, captured]: RedactedPair, within: "line" | "json"): void {
    const meaning = readPlaceholder(placeholder);
    if (meaning === undefined || isPlaceholder(captured)) return;
    const value = decodeValue(within === "json" ? (JSON.parse(`"${captured}"`) as string) : captured, meaning);
    const isContent = meaning.format === "base64";
    if (value !== undefined) this.#values.set(meaning.number, { value, isContent });
  }

  toToday(text: string): string {
    return this.#replace(text, "utf8");
  }

  toTodayLatin1(latin1: string): string {
    return this.#replace(latin1, "latin1");
  }

  #replace(text: string, encoding: "utf8" | "latin1"): string {
    if (this.isEmpty) return text;
    return replacePlaceholders(text, (placeholder) => {
      const meaning = readPlaceholder(placeholder);
      const secret = meaning && this.#values.get(meaning.number);
      return secret && encodeSecret(secret, meaning, encoding);
    });
  }
}

/** Undefined for what is not in the form of its place. */
function decodeValue(text: string, { format }: PlaceholderMeaning): Buffer | undefined {
  if (format === "base64") return BASE64.test(text) ? Buffer.from(text, "base64") : undefined;
  if (format === "text") return Buffer.from(text);
  try {
    return Buffer.from(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

/** Undefined for text that JSON would escape: whether a placeholder stands within JSON, its text does not tell. */
function encodeSecret(
  { value, isContent }: TodaysSecret,
  { format }: PlaceholderMeaning,
  encoding: "utf8" | "latin1",
): string | undefined {
  if (format === "base64") return value.toString("base64");
  // What was recorded as the text of a content has none of the white space around it.
  const text = isContent ? value.toString("utf8").trim() : value.toString("utf8");
  if (format === "url") return encodeURIComponent(text);
  return JSON.stringify(text) === `"${text}"` ? Buffer.from(text).toString(encoding) : undefined;
}
