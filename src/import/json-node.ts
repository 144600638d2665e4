/**
 * JSON that keeps the place of each value, so that an error can name it, and its spelling, so that a body that was
 * saved as JSON keeps its numbers and the order of its keys.
 */
import type { CassetteError } from "../base/errors.ts";
import { createErrorAt, type SourceText } from "../yaml/error-at.ts";
import { type JsonBuilder, readJson } from "../yaml/json-reader.ts";

export type JsonNode =
  | {
      readonly kind: "map";
      readonly start: number;
      readonly end: number;
      readonly members: ReadonlyMap<string, JsonNode>;
    }
  | { readonly kind: "list"; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "text"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "atom"; readonly start: number; readonly end: number; readonly value: number | boolean | null };

const DEPTH_LIMIT = 500;

/** @throws CassetteError `WHALESONG_IMPORT_SYNTAX` */
export function parseJson(source: SourceText): JsonNode {
  return readJson(source.text, createNodeBuilder(source));
}

function createNodeBuilder(source: SourceText): JsonBuilder<JsonNode> {
  return {
    depthLimit: DEPTH_LIMIT,
    createAtom: (text, span) => ({ kind: "atom", ...span, value: JSON.parse(text) as number | boolean | null }),
    createText: (text, span) => ({ kind: "text", ...span, text }),
    createList: (items, span) => ({ kind: "list", ...span, items }),
    createMap: (members, span) => ({ kind: "map", ...span, members }),
    createError: (at, expected) => createSyntaxError(source, at, expected),
  };
}

function createSyntaxError(source: SourceText, at: number, expected: string): CassetteError {
  const got = source.text[at];
  const found = got === undefined ? "the end of the file" : `\`${got}\``;
  return createErrorAt(source, at, "WHALESONG_IMPORT_SYNTAX", `not JSON: got ${found}, expected ${expected}`);
}
