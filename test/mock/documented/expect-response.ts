/** What every response must be, of the mock and of a real daemon. */
import { expect } from "vitest";
import { findFieldValue } from "../../../src/wire/http/head.ts";
import type { TestResponse } from "../../playbook/mocked.ts";
import type { StatusCase } from "./endpoint-row.ts";
import { findMisfits } from "./json-shape.ts";

/** `404: there is no such container` */
export function formatTitle({ status, realStatus: instead, because }: StatusCase): string {
  return `${status}${instead === undefined ? "" : ` as ${instead}`}: ${because}`;
}

export function expectResponse(statusCase: StatusCase, answer: TestResponse): void {
  expect(answer.status, answer.text.slice(0, 300)).toBe(statusCase.realStatus ?? statusCase.status);
  expect(findFieldValue(answer.head.fields, "Content-Type")).toBe(expectedType(statusCase));
  if (answer.status >= 400 && !("contentType" in statusCase)) expect(answer.text).toMatch(/^[^{].*\n$/s);
  if (statusCase.matches !== undefined) expect(answer.text).toMatch(statusCase.matches);
  if (statusCase.shape !== undefined) expectShape(statusCase, answer);
}

/** An error is text, what has no body has no type, and all else is JSON, unless the case knows better. */
function expectedType({ status, realStatus: instead = status, ...more }: StatusCase): string | undefined {
  if ("contentType" in more) return more.contentType;
  if (instead >= 400) return "text/plain; charset=utf-8";
  return instead === 204 || instead === 304 ? undefined : "application/json";
}

/** The message names them all. */
function expectShape({ shape = {}, misfits: known = [] }: StatusCase, answer: TestResponse): void {
  const value = parseBody(answer);
  // A stream may have one line alone.
  const found = findMisfits(shape, Array.isArray(shape) && !Array.isArray(value) ? [value] : value).sort();
  expect(found, found.join(", ")).toEqual([...known].sort());
}

/** One value, or the lines of a stream. */
function parseBody({ text, json }: TestResponse): unknown {
  if (json !== undefined) return json;
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}
