/**
 * TypeScript with everything blanked that is not code: comments, and what stands inside of strings, templates and
 * regular expressions. Offsets and lines stay what they are, so that brackets can be counted and places named. The
 * compiler's own parser is not to be had: TypeScript 7 has no API in JavaScript.
 */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`|\/(?:\[(?:[^\]\\\n]|\\.)*\]|[^/\\[\n*]|\\.)(?:\[(?:[^\]\\\n]|\\.)*\]|[^/\\[\n]|\\.)*\/[a-z]*|[{}]|[\s\S]/g;
/** What a slash behind it begins a regular expression, and does not divide. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|throw|await|yield))\s*$/;

export function masked(code: string): string {
  const out: string[] = [];
  maskCode(code, 0, out, false);
  return out.join("");
}

/** Appends the masked code from `start` on; inside of a template's `${` it ends behind the brace that closes it. */
function maskCode(code: string, start: number, out: string[], isNested: boolean): number {
  let depth = 0;
  for (let at = start; at < code.length; ) {
    const token = tokenAt(code, at, out);
    at += token.length;
    if (token === "`") at = maskTemplate(code, at, out);
    else out.push(/^(?:["']|\/.)/.test(token) ? blanked(token) : token);
    if (token === "{") depth += 1;
    if (token === "}" && depth-- === 0 && isNested) return at;
  }
  return code.length;
}

function tokenAt(code: string, at: number, out: readonly string[]): string {
  TOKEN.lastIndex = at;
  const token = TOKEN.exec(code)?.[0] ?? "";
  const isRegex = token.length > 1 && token.startsWith("/") && !/^\/[/*]/.test(token);
  return isRegex && !BEFORE_REGEX.test(out.slice(-40).join("")) ? "/" : token;
}

/** The text of a template is blanked, the code in it is code. Returns where it ends. */
function maskTemplate(code: string, start: number, out: string[]): number {
  out.push("`");
  for (let at = start; at < code.length; ) {
    if (code.startsWith("${", at)) {
      out.push("${");
      at = maskCode(code, at + 2, out, true);
      continue;
    }
    if (code[at] === "`") {
      out.push("`");
      return at + 1;
    }
    const size = code[at] === "\\" ? 2 : 1;
    out.push(blanked(code.slice(at, at + size)));
    at += size;
  }
  return code.length;
}

function blanked(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/** The line, counted from 1, on which `offset` stands. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
