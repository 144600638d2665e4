/** The sections of docs/errors.md. Loaded on demand only: a bundle finds the file from a chunk, not from its entry. */
import { readFileSync } from "node:fs";

const ERRORS = new URL("../../../docs/errors.md", import.meta.url);

/** What each error code means, as plain text, in the order of the document. */
export function readErrorSections(): ReadonlyMap<string, string> {
  const sections = readFileSync(ERRORS, "utf8")
    .split(/^(?=#{2,4} )/m)
    .map((text) => {
      const code = /^#+ `?(WHALESONG_\w+)`?/.exec(text)?.[1] ?? "";
      return [code, toPlainText(text.replace(/^#+ /, "").trim())] as const;
    });
  return new Map(sections.filter(([code]) => code !== ""));
}

/** Links as their text: a terminal cannot follow them. */
function toPlainText(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}
