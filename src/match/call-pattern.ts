/** Calls that are meant by an operation's name, or by a method and a path in which anything may stand. */

import type { Operation } from "../wire/operation.ts";
import { ROUTES } from "../wire/routes.ts";
import { nearestWord } from "../yaml/nearest-word.ts";

export interface CallPattern {
  fits(method: string, operation: Operation): boolean;
}

const OPERATIONS: ReadonlySet<string> = new Set([...ROUTES.map(([, , name]) => name), "Unknown"]);

/** `ContainerStart`, or `POST /containers/{id}/start`, where braces and `*` stand for anything; undefined for no such. */
export function callPattern(text: string): CallPattern | undefined {
  const [, wanted, path] = /^([A-Z]+) (\/\S*)$/.exec(text) ?? [];
  if (wanted === undefined || path === undefined) {
    return OPERATIONS.has(text) ? { fits: (_method, { name }) => name === text } : undefined;
  }
  const paths = globPattern(path.replace(/\{\w+\}/g, "*"));
  return { fits: (method, operation) => method === wanted && paths.test(operation.path) };
}

/** What is said of a text that is no pattern. */
export function noSuchCall(text: string): string {
  const nearest = nearestWord(text, [...OPERATIONS]);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  return `unknown operation \`${text}\`${hint}; expected one like \`ContainerStart\`, or \`POST /containers/*/start\``;
}

/** `*` stands for one or more characters of any kind; all else for itself. */
export function globPattern(text: string): RegExp {
  const literals = text.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${literals.join(".+")}$`, "s");
}
