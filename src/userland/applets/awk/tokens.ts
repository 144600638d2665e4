import { BadProgram } from "./syntax.ts";

export interface AwkToken {
  readonly kind: "number" | "text" | "match" | "name" | "call" | "sign" | "end";
  readonly text: string;
}

const SIGNS = /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|[-+*/%^]=|[!=<>]=|>>|!~|[-+*/%^!<>=~?:,;(){}[\]$\n])/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "/": "/" };

/** The last one is a line's end. @throws BadProgram */
export function tokenize(program: string): AwkToken[] {
  const tokens: AwkToken[] = [];
  let rest = program;
  while (rest !== "") {
    const [kind, text, length] = readToken(rest, tokens.at(-1));
    if (kind !== undefined) tokens.push({ kind, text });
    rest = rest.slice(length);
  }
  return [...tokens, { kind: "end", text: "\n" }];
}

type Next = readonly [kind: AwkToken["kind"] | undefined, text: string, length: number];

function readToken(rest: string, last: AwkToken | undefined): Next {
  const blank = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(rest)?.[0];
  if (blank !== undefined) return [undefined, "", blank.length];
  const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest)?.[0];
  if (number !== undefined) return ["number", number, number.length];
  const text = /^"((?:\\[\s\S]|[^"\\])*)"/.exec(rest);
  if (text !== null) return ["text", resolveEscapes(text[1] as string), text[0].length];
  const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
  if (name !== undefined) return [rest[name.length] === "(" ? "call" : "name", name, name.length];
  const match = isValue(last) ? null : /^\/((?:\\[\s\S]|\[[^\]]*\]|[^/\\\n[])*)\//.exec(rest);
  if (match !== null) return ["match", (match[1] as string).replaceAll("\\/", "/"), match[0].length];
  const sign = SIGNS.exec(rest)?.[0];
  if (sign === undefined) throw new BadProgram("syntax error");
  return ["sign", sign, sign.length];
}

/** Behind a value a slash divides. */
function isValue(token: AwkToken | undefined): boolean {
  if (token === undefined) return false;
  return ["number", "text", "name"].includes(token.kind) || [")", "]", "$"].includes(token.text);
}

function resolveEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
