import type { Document, YAMLError } from "yaml";
import type { CassetteError } from "../base/errors.ts";
import { loadYaml } from "../base/load-lazily.ts";
import { createErrorAt, type SourceText } from "./error-at.ts";

/** An error of the YAML parser, moved to the place where a person finds the cause. */
export function createSyntaxError(source: SourceText, error: YAMLError, document: Document.Parsed): CassetteError {
  const conflict = source.text.search(CONFLICT);
  if (conflict !== -1) return createErrorAt(source, conflict, "WHALESONG_CASSETTE_SYNTAX", UNMERGED);
  const opening = error.message.includes("quote") ? findLastQuote(document) : undefined;
  const offset = opening ?? findVisibleOffset(source.text, error.pos[0]);
  return createErrorAt(
    source,
    offset,
    "WHALESONG_CASSETTE_SYNTAX",
    opening === undefined ? rephraseError(error) : UNCLOSED,
  );
}

/** A line that git writes around two sides of a merge. Text of a cassette stands behind a key or is indented. */
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)/m;
const UNMERGED =
  "this line is of a merge conflict that is not resolved; keep one side (`git checkout --ours` or `--theirs`), or record it again";
const UNCLOSED = "the quote that opens here is never closed";

function rephraseError({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS") return "`...` ends a document; the next one begins with `---`";
  return lowerFirst(message);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** A quote that is never closed contains all that follows, so it is the last one. */
function findLastQuote(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  loadYaml().visit(document, {
    Scalar: (_key, { type, range }) => {
      if (type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") offset = range?.[0];
    },
  });
  return offset;
}

/** An error at the end of a document is shown behind its last character, not on the empty line below. */
function findVisibleOffset(text: string, offset: number): number {
  return text.slice(offset).trim() === "" ? Math.min(offset, text.trimEnd().length) : offset;
}
