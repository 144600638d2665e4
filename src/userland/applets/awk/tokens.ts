import { BadProgram } from "./syntax.ts";

export interface Token {
  readonly kind: "number" | "text" | "match" | "name" | "call" | "sign" | "end";
  readonly text: string;
}

const SIGNS = /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|[-+*/%^]=|[!=<>]=|>>|!~|[-+*/%^!<>=~?:,;(){}[\]$\n])/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "/": "/" };

/** The last one is a line's end. @throws BadProgram */
export function tokensOf(program: string): Token[] {
  const tokens: Token[] = [];
  let rest = program;
  while (rest !== "") {
    const [kind, text, length] = nextOf(rest, tokens.at(-1));
    if (kind !== undefined) tokens.push({ kind, text });
    rest = rest.slice(length);
  }
  return [...tokens, { kind: "end", text: "\n" }];
}

type Next = readonly [kind: Token["kind"] | undefined, text: string, length: number];

function nextOf(rest: string, last: Token | undefined): Next {
  const blank = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(rest)?.[0];
  if (blank !== undefined) return [undefined, "", blank.length];
  const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest)?.[0];
  if (number !== undefined) return ["number", number, number.length];
  const text = /^"((?:\\[\s\S]|[^"\\])*)"/.exec(rest);
  if (text !== null) return ["text", unescaped(text[1] as string), text[0].length];
  const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
  if (name !== undefined) return [rest[name.length] === "(" ? "call" : "name", name, name.length];
  const match = isValue(last) ? null : /^\/((?:\\[\s\S]|\[[^\]]*\]|[^/\\\n[])*)\//.exec(rest);
  if (match !== null) return ["match", (match[1] as string).replaceAll("\\/", "/"), match[0].length];
  const sign = SIGNS.exec(rest)?.[0];
  if (sign === undefined) throw new BadProgram("syntax error");
  return ["sign", sign, sign.length];
}

/** Behind a value a slash divides. */
function isValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return ["number", "text", "name"].includes(token.kind) || [")", "]", "$"].includes(token.text);
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
