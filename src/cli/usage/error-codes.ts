/** The sections of docs/errors.md. Loaded on demand only: a bundle finds the file from a chunk, not from its entry. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toTypedPath } from "../../io/typed-path.ts";

const ERRORS = new URL("../../../docs/errors.md", import.meta.url);
const LINK = /\[([^\]]+)\]\(([^)]+)\)/g;

/** What each error code means, as plain text, in the order of the document. */
export function readErrorSections(): ReadonlyMap<string, string> {
  const sections = readFileSync(ERRORS, "utf8")
    .split(/^(?=#{2,4} )/m)
    .map((text) => {
      const code = /^#+ `?(WHALESONG_\w+)`?/.exec(text)?.[1] ?? "";
      return [code, text.replace(/^#+ /, "").trim()] as const;
    });
  return new Map(sections.filter(([code]) => code !== "").map(([code, text]) => [code, toPlainText(text)]));
}

/** The first sentence of a section that says more than the class of the error. */
export function summarizeSection(section: string): string {
  const [, text = ""] = section.split("\n\n");
  const plain = text.replace(/^`\w+Error`[^.]*\. /, "").replaceAll("\n", " ");
  return /^.*?[^.]\.(?= [A-Z`]|$)/.exec(plain)?.[0] ?? plain;
}

/** Links as their text with the page of the package, and at the end where these pages are on this machine. */
function toPlainText(markdown: string): string {
  const targets = [...markdown.matchAll(LINK)].map(([, , target]) => target as string);
  const pages = new Set(targets.filter((target) => !target.startsWith("#")).map(toTypedTarget));
  const more = pages.size === 0 ? "" : `\n\nMore: ${[...pages].join(", ")}`;
  return `${markdown.replace(LINK, (_, text: string, target: string) => `${text}${namePage(target)}`)}${more}`;
}

/** ` (docs/limits.md)`: the text of a link alone leads nowhere. Nothing for a place in the same document. */
function namePage(target: string): string {
  const [page = ""] = target.split("#");
  return page === "" ? "" : ` (${new URL(page, "file:///docs/").pathname.slice(1)})`;
}

function toTypedTarget(target: string): string {
  const [page = "", heading] = target.split("#");
  return `${toTypedPath(fileURLToPath(new URL(page, ERRORS)))}${heading === undefined ? "" : `#${heading}`}`;
}
