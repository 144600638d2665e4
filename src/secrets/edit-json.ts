/**
 * Edits the values of JSON in its text: all else keeps its spelling, and so its bytes. Text is latin1, one character a
 * byte, and so are the values.
 */

import { isPlaceholder } from "./placeholders.ts";

/** A string or a number of a JSON document. */
export interface JsonLeaf {
  /** The names of the members around it, outermost first. Lists have none. It is good until the next leaf. */
  readonly path: readonly string[];
  readonly value: string;
  /** The strings before it in the same list, as far as they are near: the arguments of a command, and their program. */
  readonly before?: readonly string[] | undefined;
  /** The member `Name` beside it, if it stands before it: `{"Name":"a","Value":...}`. */
  readonly name?: string | undefined;
  /** Where it stands in the text, with its quotes; it has no escapes. Undefined where it has, or stands in no text. */
  readonly range?: LeafRange | undefined;
}

interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** The leaf's new value; undefined where it stays. */
export type EditLeaf = (leaf: JsonLeaf) => string | undefined;

interface OpenValue {
  readonly isList: boolean;
  key: string | undefined;
  readonly items: string[];
  name: string | undefined;
  program?: string; // whose arguments are a member of their own
}

const TOKEN = /[ \t\r\n]+|(-?\d[\d.eE+-]*)|(true|false|null)/y;
/** A token that may go on in the next piece. */
const OPEN_TOKEN = /[\w.+-]{0,64}$/y;
const ESCAPES = /(?:\\u[0-9a-fA-F]{4})+|\\["\\/bfnrt]/g;
/** In characters. Of a longer string that comes in pieces only the beginning is looked at: all of it would have to be held. */
const LONGEST_STRING = 3 * 1024 * 1024;
/** `{"Path":"mysql","Args":[...]}` of a container, `{"entrypoint":"mysql","arguments":[...]}` of an exec. */
const [PROGRAM, ARGUMENTS] = [/^(?:Path|entrypoint)$/, /^(?:Args|arguments)$/];
/** Of a list's strings. */
const REMEMBERED = 64;

/** Returns the edited text; undefined where it is no JSON. */
export function editJson(text: string, edit: EditLeaf): string | undefined {
  const editor = new JsonEditor(edit);
  const edited = editor.push(text, true);
  return editor.isWhole ? edited : undefined;
}

/** Edits a text piece by piece, without a change of length: what is between the quotes of a string. */
export interface LongTextEditor {
  /** @returns what can be handed on by now */
  push(bytes: Buffer): Buffer;
  /** @returns the rest */
  finish(): Buffer;
}

/** Edits JSON that comes in pieces: what has been read is handed on at once. */
export class JsonEditor {
  readonly #edit: EditLeaf;
  readonly #longText: LongTextEditor | undefined;
  readonly #open: OpenValue[] = [];
  /** The keys of those that are open. */
  readonly #path: string[] = [];
  #text = "";
  #pieces: string[] = [];
  #at = 0;
  #copied = 0;
  #values = 0;
  #isBroken = false;
  /** A string that goes on and is not held: a placeholder stands for it, or it passes as it is. */
  #long: "covered" | "passed" | undefined;

  /** @param longText what strings pass that are too long for `edit`. @default they stay as they are */
  constructor(edit: EditLeaf, longText?: LongTextEditor) {
    this.#edit = edit;
    this.#longText = longText;
  }

  /** Whether what has come so far is no JSON: the rest is handed on as it is. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether what has come is JSON, to its end. */
  get isWhole(): boolean {
    return (
      !this.#isBroken && this.#long === undefined && this.#open.length === 0 && this.#values > 0 && this.#text === ""
    );
  }

  /** The edited text of what is read by now. Of a piece that is not the last one the end may come with the next. */
  push(text: string, isLast: boolean): string {
    this.#text = this.#text === "" ? text : this.#text + text;
    while (!this.#isBroken && this.#at < this.#text.length) {
      if (this.#readNext(isLast)) continue;
      if (this.#long !== undefined || (!isLast && this.#isOpen())) break;
      if (!isLast && this.#text[this.#at] === '"') this.#beginLongString();
      else this.#isBroken = true;
    }
    return this.#take(this.#isBroken ? this.#text.length : this.#at);
  }

  #readNext(isLast: boolean): boolean {
    if (this.#long !== undefined) return this.#skipString();
    return this.#text[this.#at] === '"' ? this.#readString() : this.#readToken(isLast);
  }

  #take(end: number): string {
    const isSame = this.#pieces.length === 0 && this.#copied === 0 && end === this.#text.length;
    const taken = isSame ? this.#text : this.#pieces.join("") + this.#text.slice(this.#copied, end);
    this.#text = this.#text.slice(end);
    [this.#pieces, this.#at, this.#copied] = [[], 0, 0];
    return taken;
  }

  /** Whether a string, or a word, goes on in the next piece. */
  #isOpen(): boolean {
    if (this.#text[this.#at] === '"') return this.#text.length - this.#at < LONGEST_STRING;
    OPEN_TOKEN.lastIndex = this.#at;
    return OPEN_TOKEN.test(this.#text);
  }

  /** Blanks, brackets, numbers and words. */
  #readToken(isLast: boolean): boolean {
    const start = this.#at;
    switch (this.#text[start]) {
      case ":":
        this.#at += 1;
        return true;
      case ",":
        this.#at += 1;
        this.#beginMember();
        return true;
      case "{":
      case "[":
        this.#at += 1;
        this.#begin(this.#text[start] === "[");
        return true;
      case "}":
      case "]":
        this.#at += 1;
        return this.#end(this.#text[start] === "]");
      default:
        return this.#readWord(start, isLast);
    }
  }

  #readWord(start: number, isLast: boolean): boolean {
    TOKEN.lastIndex = start;
    const [token, number, word] = TOKEN.exec(this.#text) ?? [];
    if (token === undefined) return false;
    if (!isLast && number !== undefined && TOKEN.lastIndex === this.#text.length) return false;
    this.#at += token.length;
    if (number !== undefined) this.#visit(number, start);
    else if (word !== undefined) this.#values += 1;
    return true;
  }

  #begin(isList: boolean): void {
    const { key = "", program } = this.#open.at(-1) ?? {};
    const items = program !== undefined && ARGUMENTS.test(key) ? [program] : [];
    this.#open.push({ isList, key: undefined, items, name: undefined });
  }

  #end(isList: boolean): boolean {
    this.#values += 1;
    const closed = this.#open.pop();
    if (closed?.key !== undefined) this.#path.pop();
    return closed?.isList === isList;
  }

  #beginMember(): void {
    const top = this.#open.at(-1);
    if (top?.key === undefined) return;
    top.key = undefined;
    this.#path.pop();
  }

  #readString(): boolean {
    const end = findStringEnd(this.#text, this.#at);
    if (end === -1) return false;
    const [start, raw] = [this.#at, this.#text.slice(this.#at + 1, end)];
    this.#at = end + 1;
    const top = this.#open.at(-1);
    const value = decodeString(raw);
    if (top?.isList === false && top.key === undefined) this.#readKey(top, value, start);
    else this.#visit(value, start);
    return true;
  }

  /** What follows a string that is too long is read as ever. */
  #beginLongString(): void {
    const top = this.#open.at(-1);
    const isKey = top?.isList === false && top.key === undefined;
    const placeholder = isKey ? undefined : this.#findCover(top);
    if (isKey) {
      top.key = "";
      this.#path.push("");
    } else this.#values += 1;
    this.#pieces.push(this.#text.slice(this.#copied, this.#at), placeholder ?? '"');
    this.#at += 1;
    this.#copied = this.#at;
    this.#long = placeholder === undefined ? "passed" : "covered";
  }

  /** What stands for a string whose place is secret as a whole. A secret within it may be cut by its end. */
  #findCover(top: OpenValue | undefined): string | undefined {
    const value = decodeString(this.#text.slice(this.#at + 1));
    const edited = this.#edit({ path: this.#path, value, before: top?.items, name: top?.name });
    return edited !== undefined && isPlaceholder(edited) ? JSON.stringify(edited) : undefined;
  }

  /** Drops what a placeholder stands for, hands on what passes. Backslashes at the end of a piece may escape what begins the next one. */
  #skipString(): boolean {
    const end = findStringEnd(this.#text, this.#at - 1);
    const isEnded = end !== -1;
    this.#at = isEnded ? end + 1 : this.#text.replace(/\\+$/, "").length;
    if (this.#long === "passed") this.#passText(this.#text.slice(this.#copied, this.#at), isEnded);
    this.#copied = this.#at;
    if (isEnded) this.#long = undefined;
    return isEnded;
  }

  #passText(text: string, isEnded: boolean): void {
    const editor = this.#longText;
    this.#pieces.push(editor === undefined ? text : editor.push(Buffer.from(text, "latin1")).toString("latin1"));
    if (editor !== undefined && isEnded) this.#pieces.push(editor.finish().toString("latin1"));
  }

  /** Filters have assignments as keys: `{"label":{"my.token=SECRET":true}}`. They stand for members of a list. */
  #readKey(top: OpenValue, key: string, start: number): void {
    const edited = key.includes("=") ? this.#edit({ path: this.#path, value: key }) : undefined;
    this.#replace(edited, key, start);
    top.key = edited ?? key;
    this.#path.push(top.key);
  }

  #replace(edited: string | undefined, value: string, start: number): void {
    if (edited === undefined || edited === value) return;
    this.#pieces.push(this.#text.slice(this.#copied, start), JSON.stringify(edited));
    this.#copied = this.#at;
  }

  #visit(value: string, start: number): void {
    this.#values += 1;
    const top = this.#open.at(-1);
    const isPlain = this.#text[start] !== '"' || this.#at - start === value.length + 2;
    const range = isPlain ? { start, end: this.#at } : undefined;
    const edited = this.#edit({ path: this.#path, value, before: top?.items, name: top?.name, range });
    if (top?.isList === true) remember(top.items, value);
    else if (top?.key === "Name") top.name = value;
    else if (top?.key !== undefined && PROGRAM.test(top.key)) top.program = value;
    this.#replace(edited, value, start);
  }
}

function remember(items: string[], value: string): void {
  if (items.length >= 2 * REMEMBERED) items.splice(0, REMEMBERED);
  items.push(value);
}

function findStringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** Escapes name characters; the text has the bytes of their UTF-8. */
function decodeString(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(ESCAPES, (escapes) => Buffer.from(JSON.parse(`"${escapes}"`) as string).toString("latin1"));
}

/** Edits the strings of a value in memory, as `editJson` does those of a text. Here text is plain text, not latin1. */
export function editJsonValue<T>(value: T, edit: EditLeaf, path: readonly string[] = []): T {
  if (typeof value === "string") return (edit({ path, value }) ?? value) as T;
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return editList(value, edit, path) as T;
  const edited = Object.entries(value).map(([key, member]) => [key, editJsonValue(member, edit, [...path, key])]);
  return Object.fromEntries(edited) as T;
}

function editList(list: readonly unknown[], edit: EditLeaf, path: readonly string[]): unknown[] {
  const before: string[] = [];
  return list.map((item) => {
    if (typeof item !== "string") return editJsonValue(item, edit, path);
    const edited = edit({ path, value: item, before });
    remember(before, item);
    return edited ?? item;
  });
}
