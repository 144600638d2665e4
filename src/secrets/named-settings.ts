/**
 * Finds in any text what its surroundings give away as secret: `DB_PASSWORD=...`, `"apiKey": "..."`, the password of a
 * URL. A recording keeps such text, as it may mean something else; it is named to people, who know. Text is latin1.
 */
import { isUtf8 } from "node:buffer";
import { findNamedSecrets } from "./named-secrets.ts";
import { hasPlaceholder } from "./placeholders.ts";
import { hasSecretHint } from "./secret-hints.ts";
import { findUserinfo, URL_ANCHOR } from "./text-secrets.ts";

/** A setting with its value. */
export interface NamedSetting {
  readonly start: number;
  readonly end: number;
  /** The name of the setting, or `password in a URL`. */
  readonly what: string;
}

/** Lines, and the texts between the other bytes of a tar or of frames; a tab and an escape are part of a text. `{6}` and `*`: see redactor.ts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what parts texts
const TEXTS = /[^\0-\x08\n-\x1a\x1c-\x1f]{6}[^\0-\x08\n-\x1a\x1c-\x1f]*/g;
/** Longer ones are blobs, in which every pattern is found by chance. */
const LONGEST_TEXT = 64 * 1024;
/** `JoinTokens: {Worker: ...}`, `--secret id=token,src=token.txt`: what follows has names of its own. */
const HAS_NAMES = /^(?:[[{]|id=|type=|src=)/;

/** The settings of a text whose names tell, in order. Values that a recording left out are none. */
export function findNamedSettings(text: string): readonly NamedSetting[] {
  if (!text.includes(URL_ANCHOR) && !hasSecretHint(text)) return [];
  return [...text.matchAll(TEXTS)].flatMap(({ 0: part, index }) =>
    part.length > LONGEST_TEXT ? [] : findInPart(part, index),
  );
}

function findInPart(part: string, offset: number): readonly NamedSetting[] {
  if (!/[=: ]/.test(part)) return [];
  const urls = part.includes(URL_ANCHOR) ? [...part.matchAll(/:\/\//g)] : [];
  const inUrls = urls.flatMap(({ index }) => findUserinfo(part, index));
  const named = hasSecretHint(part) ? findNamedSecrets(part) : [];
  const all = [...named, ...inUrls.map((span) => ({ ...span, name: "password in a URL" }))];
  const kept = all.filter(({ start, end }) => isKeptValue(part.slice(start, end)));
  // Of random bytes, some look like a name with a value.
  if (kept.length === 0 || !isUtf8(Buffer.from(part, "latin1"))) return [];
  // `--password=...` is a flag and an assignment.
  const byStart = new Map(kept.map((span) => [span.start, span]));
  return [...byStart.values()].map(({ start, end, name }) => ({
    start: offset + start,
    end: offset + end,
    what: name,
  }));
}

function isKeptValue(value: string): boolean {
  return value !== "" && !hasPlaceholder(value) && !HAS_NAMES.test(value);
}
