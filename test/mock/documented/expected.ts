/** What must hold of every answer, whoever gave it. */
import { expect } from "vitest";
import { fieldValue } from "../../../src/wire/head.ts";
import type { Heard } from "../../playbook/mocked.ts";
import type { Case } from "./row.ts";
import { misfits } from "./shape.ts";

/** `404: there is no such container` */
export function titleOf({ status, instead, because }: Case): string {
  return `${status}${instead === undefined ? "" : ` as ${instead}`}: ${because}`;
}

export function expectAnswer(wanted: Case, answer: Heard): void {
  expect(answer.status, answer.text.slice(0, 300)).toBe(wanted.instead ?? wanted.status);
  expect(fieldValue(answer.head.fields, "Content-Type")).toBe(typeOf(wanted));
  if (answer.status >= 400 && !("type" in wanted)) expect(answer.text).toMatch(/^[^{].*\n$/s);
  if (wanted.says !== undefined) expect(answer.text).toMatch(wanted.says);
  if (wanted.shape !== undefined) expectShape(wanted, answer);
}

/** An error is text, what has no body has no type, and all else is JSON, unless the case knows better. */
function typeOf({ status, instead = status, ...more }: Case): string | undefined {
  if ("type" in more) return more.type;
  if (instead >= 400) return "text/plain; charset=utf-8";
  return instead === 204 || instead === 304 ? undefined : "application/json";
}

/** The message names them all. */
function expectShape({ shape = {}, misfits: known = [] }: Case, answer: Heard): void {
  const said = saidIn(answer);
  // A stream may have one line alone.
  const found = misfits(shape, Array.isArray(shape) && !Array.isArray(said) ? [said] : said).sort();
  expect(found, found.join(", ")).toEqual([...known].sort());
}

/** One value, or the lines of a stream. */
function saidIn({ text, json }: Heard): unknown {
  if (json !== undefined) return json;
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}
