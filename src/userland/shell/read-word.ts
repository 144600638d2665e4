/** One word of a script: quotes, parameters and substitutions (POSIX, Shell Command Language, 2.2 and 2.6). */
import { type ShellWord, SyntaxFault, type WordPart } from "./syntax.ts";

/** A place in a text that is read from its start to its end. */
export class TextCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text[this.at] ?? "";
  }

  isAt(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  take(): string {
    if (this.isDone) throw new SyntaxFault("syntax error: unterminated quoted string", true);
    this.at += 1;
    return this.text[this.at - 1] as string;
  }

  /** Takes what matches a sticky expression; empty where nothing does. */
  takeMatch(expression: RegExp): string {
    expression.lastIndex = this.at;
    const match = expression.exec(this.text)?.[0] ?? "";
    this.at += match.length;
    return match;
  }
}

const NAME = /[A-Za-z_]\w*|\d|[@*#?$!-]/y;
const LONG_NAME = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;
const OPERATOR = /:?[-=?+]|%%?|##?|\/\/?|:/y;
const BREAKS: ReadonlySet<string> = new Set([..." \t\n;&|()<>"]);

/** Reads up to what cannot be part of a word; no parts where no word begins here. */
export function readWord(cursor: TextCursor): ShellWord {
  const parts: WordPart[] = [];
  while (!cursor.isDone && !BREAKS.has(cursor.next)) readPart(cursor, parts);
  return parts;
}

/** All of `text` as if it stood between double quotes: a here-document, or what follows an operator. */
export function readQuoted(text: string): ShellWord {
  const cursor = new TextCursor(text);
  const parts: WordPart[] = [];
  while (!cursor.isDone) readInQuotes(cursor, parts);
  return parts;
}

function readPart(cursor: TextCursor, parts: WordPart[]): void {
  const character = cursor.take();
  if (character === "'") pushText(parts, readUpTo(cursor, "'"), true);
  else if (character === '"') readDoubleQuoted(cursor, parts);
  else if (character === "\\") readEscape(cursor, parts);
  else if (character === "$") parts.push(readDollar(cursor, false));
  else if (character === "`") parts.push({ kind: "command", script: readBackticks(cursor), isQuoted: false });
  else pushText(parts, character, false);
}

function readEscape(cursor: TextCursor, parts: WordPart[]): void {
  if (cursor.isDone) {
    pushText(parts, "\\", true);
    return;
  }
  const character = cursor.take();
  if (character !== "\n") pushText(parts, character, true);
}

function readDoubleQuoted(cursor: TextCursor, parts: WordPart[]): void {
  if (cursor.isAt('$@"')) {
    // Without arguments no field comes of it, not even an empty one.
    cursor.at += 3;
    parts.push({ kind: "parameter", name: "@", operator: "", word: [], isQuoted: true });
    return;
  }
  pushText(parts, "", true);
  while (cursor.next !== '"') readInQuotes(cursor, parts);
  cursor.take();
}

function readInQuotes(cursor: TextCursor, parts: WordPart[]): void {
  const character = cursor.take();
  if (character === "$") parts.push(readDollar(cursor, true));
  else if (character === "`") parts.push({ kind: "command", script: readBackticks(cursor), isQuoted: true });
  else if (character === "\\" && '$`"\\\n'.includes(cursor.next) && !cursor.isDone) {
    const escaped = cursor.take();
    if (escaped !== "\n") pushText(parts, escaped, true);
  } else pushText(parts, character, true);
}

function pushText(parts: WordPart[], text: string, isQuoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === "text" && last.isQuoted === isQuoted)
    parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ kind: "text", text, isQuoted });
}

function readUpTo(cursor: TextCursor, end: string): string {
  let text = "";
  for (let character = cursor.take(); character !== end; character = cursor.take()) text += character;
  return text;
}

function readDollar(cursor: TextCursor, isQuoted: boolean): WordPart {
  if (cursor.isAt("((")) return readArithmetic(cursor, isQuoted);
  if (cursor.next === "(") return { kind: "command", script: readBalanced(cursor, "(", ")"), isQuoted };
  if (cursor.next === "{") return readBraced(cursor, isQuoted);
  const name = cursor.takeMatch(NAME);
  if (name === "") return { kind: "text", text: "$", isQuoted };
  return { kind: "parameter", name, operator: "", word: [], isQuoted };
}

function readArithmetic(cursor: TextCursor, isQuoted: boolean): WordPart {
  const inner = readBalanced(cursor, "(", ")");
  return { kind: "arithmetic", word: readQuoted(inner.slice(1, -1)), isQuoted };
}

function readBraced(cursor: TextCursor, isQuoted: boolean): WordPart {
  const inner = new TextCursor(readBalanced(cursor, "{", "}"));
  const length = /^#([A-Za-z_]\w*|\d+|[@*#?$!-])$/.exec(inner.text)?.[1];
  if (length !== undefined) return { kind: "parameter", name: length, operator: "length", word: [], isQuoted };
  const name = inner.takeMatch(LONG_NAME);
  const operator = inner.takeMatch(OPERATOR);
  const rest = inner.text.slice(inner.at);
  if (name === "" || (operator === "" && rest !== "")) throw new SyntaxFault("syntax error: bad substitution");
  if (/^[/:]\/?$/.test(operator)) {
    const [first, second] = splitInTwo(rest, operator === ":" ? ":" : "/");
    return { kind: "parameter", name, operator, word: toWord(first), second: toWord(second ?? ""), isQuoted };
  }
  // Within quotes a word has quotes of its own only around patterns.
  const word = isQuoted && !/^[%#]/.test(operator) ? readQuotedWord(rest) : toWord(rest);
  return { kind: "parameter", name, operator, word, isQuoted };
}

/** Double quotes within a word that is in double quotes are no text: `"${A:-"x y"}"`. */
function readQuotedWord(text: string): ShellWord {
  const cursor = new TextCursor(text);
  const parts: WordPart[] = [];
  while (!cursor.isDone) {
    if (cursor.next === '"') cursor.take();
    else readInQuotes(cursor, parts);
  }
  return parts;
}

/** Around the first separator that has no backslash before it. */
function splitInTwo(text: string, separator: string): readonly [string, string | undefined] {
  const at = [...text].findIndex((letter, index) => letter === separator && text[index - 1] !== "\\");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** All of `text` as one word, blanks included. */
function toWord(text: string): ShellWord {
  const cursor = new TextCursor(text);
  const parts: WordPart[] = [];
  while (!cursor.isDone) readPart(cursor, parts);
  return parts;
}

/** What stands between a bracket and its counterpart, quotes respected. */
function readBalanced(cursor: TextCursor, open: string, close: string): string {
  cursor.take();
  const start = cursor.at;
  for (let depth = 1; ; ) {
    const character = cursor.take();
    if (character === "\\") cursor.take();
    else if (character === "'" && !isInDouble(cursor.text, start, cursor.at - 1)) readUpTo(cursor, "'");
    else if (character === open) depth += 1;
    else if (character === close && --depth === 0) return cursor.text.slice(start, cursor.at - 1);
  }
}

/** A `'` within double quotes is only an apostrophe. */
function isInDouble(text: string, start: number, at: number): boolean {
  let isInside = false;
  for (let index = start; index < at; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === '"') isInside = !isInside;
  }
  return isInside;
}

function readBackticks(cursor: TextCursor): string {
  let script = "";
  for (let character = cursor.take(); character !== "`"; character = cursor.take()) {
    script += character === "\\" && "$`\\".includes(cursor.next) ? cursor.take() : character;
  }
  return script;
}
