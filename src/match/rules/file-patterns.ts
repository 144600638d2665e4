/** Rules that name files of a tar: `tar.app/version.txt`, `tar.logs/*.log`, `tar.node_modules/**`. */
import { escapePattern } from "../../base/escape-pattern.ts";

const PREFIX = "tar.";

/**
 * @param fields of rules; those of other parts of a request are no concern of a tar
 * @returns whether a pattern names a file, whose name may begin with `./` or end with `/`
 */
export function createFileFilter(fields: readonly string[]): (name: string) => boolean {
  const patterns = fields
    .filter((field) => field.startsWith(PREFIX))
    .map((field) => toExpression(field.slice(PREFIX.length)));
  return (name) => patterns.some((pattern) => pattern.test(name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "")));
}

/** `*` stands for any text within a segment, a double one for any text; `logs/**` names the folder itself, too. */
function toExpression(pattern: string): RegExp {
  const source = pattern
    .split(/(\/\*\*$|\*\*\/?|\*)/)
    .map((part) => PLACEHOLDERS[part] ?? escapePattern(part))
    .join("");
  return new RegExp(`^${source}$`, "s");
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  "*": "[^/]*",
  "**": ".*",
  "**/": "(?:.*/)?",
  "/**": "(?:/.*)?",
};
