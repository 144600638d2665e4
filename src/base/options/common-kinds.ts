/** Kinds of options that many functions have. */
import { defineKind, listOf, mapOf, type OptionKind } from "./option-kind.ts";

export const textKind: OptionKind = defineKind("a text", (value) => typeof value === "string" && value !== "");
export const anyTextKind: OptionKind = defineKind("a text", (value) => typeof value === "string");
export const anyKind: OptionKind = defineKind("anything", () => true);
export const flagKind: OptionKind = defineKind("true or false", (value) => typeof value === "boolean");
export const functionKind: OptionKind = defineKind("a function", (value) => typeof value === "function");
export const amountKind: OptionKind = defineKind(
  "a number from 0 on",
  (value) => typeof value === "number" && value >= 0,
);
export const objectKind: OptionKind = defineKind("an object", (value) => typeof value === "object" && value !== null);
export const textListKind: OptionKind = listOf(anyTextKind, "a list of texts");
export const textMapKind: OptionKind = mapOf(anyTextKind, "a map of texts");
export const contentKind: OptionKind = defineKind("a text, or bytes", isContent);
export const bytesKind: OptionKind = defineKind("bytes", ArrayBuffer.isView);
export const timeKind: OptionKind = defineKind(
  'a valid `Date`, such as `new Date("2026-11-20T12:00:00Z")`',
  (value) => getTag(value) === "Date" && !Number.isNaN((value as Date).getTime()),
);
export const errorKind: OptionKind = defineKind(
  "an `Error`",
  (value) => typeof (value as { readonly stack?: unknown } | null)?.stack === "string",
);
export const expressionKind: OptionKind = defineKind("a regular expression", (value) => getTag(value) === "RegExp");

export const clockKind: OptionKind = defineKind(
  "a clock, such as `systemClock` of `whalesong/core`",
  (value) => typeof (value as { readonly now?: unknown } | null)?.now === "function",
);

/** What POSIX lets a process end with. */
export const exitCodeKind: OptionKind = createNumberKind(255);

/** A whole number from 0 to `most`. */
export function createNumberKind(most: number): OptionKind {
  return defineKind(`a number from 0 to ${most}`, (value) => {
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
  });
}

function isContent(value: unknown): boolean {
  return typeof value === "string" || ArrayBuffer.isView(value);
}

/** `Date`, `RegExp`, of any realm. */
function getTag(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
