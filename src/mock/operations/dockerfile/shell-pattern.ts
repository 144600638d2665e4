/** Patterns in `${name#pattern}` and its kin: `*` and `?`, no brackets (buildkit frontend/dockerfile/shell/lex.go). */
import { badParameter } from "../../model/api-error.ts";

interface PatternOptions {
  /** `*` takes as much as it can. */
  readonly isGreedy: boolean;
  /** `^`, `$` or nothing. */
  readonly anchor: string;
}

/** @throws ApiError 400 for an escape of another character than `*`, `?` and `\` */
export function trimPrefix(value: string, pattern: string, isGreedy: boolean): string {
  return value.replace(compilePattern(pattern, { isGreedy, anchor: "^" }), "");
}

/** Tries the beginnings from the right for the shortest match. @throws as `trimPrefix` */
export function trimSuffix(value: string, pattern: string, isGreedy: boolean): string {
  const whole = compilePattern(pattern, { isGreedy: true, anchor: "$" });
  const starts = Array.from({ length: value.length + 1 }, (_, index) => (isGreedy ? index : value.length - index));
  const anchored = new RegExp(`^${whole.source}`, whole.flags);
  const start = starts.find((at) => anchored.test(value.slice(at)));
  return start === undefined ? value : value.slice(0, start);
}

/** @throws as `trimPrefix` */
export function replacePattern(value: string, pattern: string, replacement: string, isAll: boolean): string {
  const expression = compilePattern(pattern, { isGreedy: true, anchor: "" });
  return value.replace(isAll ? new RegExp(expression, "gsu") : expression, () => replacement);
}

function compilePattern(pattern: string, { isGreedy, anchor }: PatternOptions): RegExp {
  const source = pattern.replace(/\\(.?)|[\s\S]/gsu, (token: string, escaped?: string) => {
    if (escaped !== undefined) return compileEscape(pattern, escaped);
    if (token === "*") return isGreedy ? ".*" : ".*?";
    if (token === "?") return ".";
    return token.replace(/[[\]{}.+()|^$/]/, "\\$&");
  });
  return new RegExp(anchor === "$" ? `${source}$` : `${anchor}${source}`, "su");
}

function compileEscape(pattern: string, escaped: string): string {
  if (escaped === "}") return "\\}";
  if (escaped === "/") return "\\/";
  if (["*", "?", "\\"].includes(escaped)) return `\\${escaped}`;
  throw badParameter(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped}'`);
}
