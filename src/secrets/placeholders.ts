/**
 * What stands in a cassette in the place of a secret. Each secret has a number, so that two secrets stay two; the form
 * is one that a client of that place can parse.
 */

/** Without a number: in request headers, in cassettes from before numbers, and written by hand. */
export const REDACTED = "<redacted>";

/** `text` fits everywhere else: `url` in the userinfo of a URL, `base64` where bytes are encoded. */
export type PlaceholderFormat = "text" | "url" | "base64" | "join-token" | "unlock-key";

/** All forms, numbered or not. */
const FORMS = [
  // Masks have the length of what they stand for.
  "<redacted(?::\\d+)?>\\**",
  "<redacte(?:d(?::\\d*)?)?(?=[^\\w:>])",
  "%3Credacted(?::\\d+)?%3E",
  "SWMTKN-1-redacted\\d+-redacted\\d+",
  "SWMKEY-1-redacted\\d+",
  "PHJlZGFjdGVkOj[A-Za-z0-9+/]+=*",
];
const PLACEHOLDER = new RegExp(FORMS.join("|"), "i");
const EVERY_PLACEHOLDER = new RegExp(FORMS.join("|"), "gi");
const NUMBER = /(?:<|%3C)redacted:(\d+)(?:>|%3E)|(?:SWMTKN|SWMKEY)-1-redacted0*(\d+)|PHJlZGFjdGVkOj[A-Za-z0-9+/]+=*/gi;
const WHOLE = new RegExp(`^(?:${FORMS.join("|")}|<redact[\\w:]*>?\\**)$`, "i");

/** `<redacted:1>`, in the form of its place. */
export function formatPlaceholder(number: number, format: PlaceholderFormat): string {
  switch (format) {
    case "text":
      return `<redacted:${number}>`;
    case "url":
      return `%3Credacted:${number}%3E`;
    case "base64":
      return Buffer.from(`<redacted:${number}>`).toString("base64");
    case "join-token":
      // swarmkit ca.ParseJoinToken: 50 and 25 digits in base 36.
      return `SWMTKN-1-redacted${`${number}`.padStart(42, "0")}-redacted${`${number}`.padStart(17, "0")}`;
    case "unlock-key":
      // swarmkit encryption.HumanReadableKey: 32 bytes in base64 without padding.
      return `SWMKEY-1-redacted${`${number}`.padStart(35, "0")}`;
  }
}

/** The same in exactly `length` characters, for bytes whose length is counted elsewhere: protobuf, a tar. */
export function formatMask(number: number, length: number): string {
  return `<redacted:${number}>`.slice(0, length).padEnd(length, "*");
}

export function hasPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Whether the text is a placeholder or a mask and nothing else. */
export function isPlaceholder(text: string): boolean {
  return WHOLE.test(text);
}

/** Where placeholders begin and end. */
export function locatePlaceholders(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(EVERY_PLACEHOLDER)].map(({ 0: all, index }) => ({ start: index, end: index + all.length }));
}

/** The text between placeholders: one piece more than there are placeholders. */
export function splitAtPlaceholders(text: string): readonly string[] {
  return text.split(EVERY_PLACEHOLDER);
}

/** The placeholders of a text, masks among them, in order. */
export function listPlaceholders(text: string): readonly string[] {
  return text.match(EVERY_PLACEHOLDER) ?? [];
}

/** What a placeholder stands for, and in which form its place has it. */
export interface PlaceholderMeaning {
  readonly number: number;
  readonly format: "text" | "url" | "base64";
}

/** Undefined for a mask, for a key of a swarm, and for a placeholder without a number. */
export function readPlaceholder(placeholder: string): PlaceholderMeaning | undefined {
  const [, text, url] = /^(?:<redacted:(\d+)>|%3Credacted:(\d+)%3E)$/i.exec(placeholder) ?? [];
  if (text !== undefined) return { number: Number(text), format: "text" };
  if (url !== undefined) return { number: Number(url), format: "url" };
  const [, encoded] = /^<redacted:(\d+)>$/.exec(Buffer.from(placeholder, "base64").toString("latin1")) ?? [];
  return encoded === undefined ? undefined : { number: Number(encoded), format: "base64" };
}

/** The text with `replace`'s result in the place of each placeholder; undefined leaves it. */
export function replacePlaceholders(text: string, replace: (placeholder: string) => string | undefined): string {
  return text.replace(EVERY_PLACEHOLDER, (placeholder) => replace(placeholder) ?? placeholder);
}

/** The largest number among the placeholders; 0 where there is none. */
export function findLastNumber(text: string): number {
  let last = 0;
  for (const [found, plain, swarm] of text.matchAll(NUMBER)) {
    const number = plain ?? swarm ?? /\d+/.exec(Buffer.from(found, "base64").toString("latin1"))?.[0];
    last = Math.max(last, Number(number ?? 0));
  }
  return last;
}
