/** Patterns of calls: the name of an operation, or a method and a path with wildcards. Faults and `mock` select by them. */
import { escapePattern } from "../../base/escape-pattern.ts";
import { findNearestWord } from "../../base/nearest-word.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { ROUTES } from "../../wire/operations/routes.ts";

export interface CallPattern {
  fits(method: string, operation: Operation): boolean;
}

const OPERATIONS: ReadonlySet<string> = new Set([...ROUTES.map(([, , name]) => name), "Unknown"]);

/**
 * `ContainerStart`, or `POST /containers/{id}/start`, where braces and `*` stand for anything.
 * @returns undefined for any other text
 */
export function parseCallPattern(text: string): CallPattern | undefined {
  const [, patternMethod, path] = /^([A-Z]+) (\/\S*)$/.exec(text) ?? [];
  if (patternMethod === undefined || path === undefined) {
    return OPERATIONS.has(text) ? { fits: (_method, { name }) => name === text } : undefined;
  }
  const paths = compileGlob(path.replace(/\{\w+\}/g, "*"));
  return { fits: (method, operation) => method === patternMethod && paths.test(operation.path) };
}

/** The error text for a text that is no pattern. */
export function describeUnknownCall(text: string): string {
  const nearest = findNearestWord(text, [...OPERATIONS]);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  return `unknown operation \`${text}\`${hint}; expected one like \`ContainerStart\`, or \`POST /containers/*/start\``;
}

/** `*` stands for one or more characters of any kind. */
export function compileGlob(text: string): RegExp {
  const literals = text.split("*").map(escapePattern);
  return new RegExp(`^${literals.join(".+")}$`, "s");
}
