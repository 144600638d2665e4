/** Words into fields (POSIX, Shell Command Language, 2.6). */

import type { Disk } from "../files/disk.ts";
import { sortByName } from "../files/tree.ts";
import { chooseUnicode, compileLinear } from "../linear-patterns.ts";
import { evaluate, type ShellVariables } from "./arithmetic.ts";
import { escapeLiteral, hasPattern, isPatternMatch, toPatternSource } from "./pattern.ts";
import { type ParameterExpansion, type ShellWord, SyntaxFault, type WordPart } from "./syntax.ts";

/** What words are expanded with. */
export interface ExpansionScope {
  readonly disk: Disk;
  readonly cwd: string;
  readonly variables: ShellVariables;
  /** Words are matched with the names of files, unless `set -f` is in force. */
  readonly expandsFiles: boolean;
  /** An unset parameter is an error (`set -u`). */
  readonly failsOnUnset: boolean;
  /** Undefined where it is unset. */
  readParameter(name: string): string | undefined;
  /** `$1` and those behind it. */
  readonly positional: readonly string[];
  /** What a script prints. */
  readOutput(script: string): Promise<string>;
}

/** A stretch of a word; what was quoted is neither split nor a pattern. `breaks`: a new field begins before it. */
interface Piece {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly isSplit?: boolean;
  readonly breaks?: boolean;
}

/** The fields that `words` come to. */
export async function expandWords(words: readonly ShellWord[], scope: ExpansionScope): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const field of split(await expandPieces(word, scope), readFieldSeparators(scope)))
      fields.push(...matchFiles(field, scope));
  }
  return fields;
}

/** A word as one string: an assignment's value, a redirection's target, what `case` looks at. */
export async function expandText(word: ShellWord, scope: ExpansionScope): Promise<string> {
  return (await expandPieces(word, scope)).map(({ text }) => text).join("");
}

/** A word as a pattern: what was quoted stands for itself. */
export async function expandPattern(word: ShellWord, scope: ExpansionScope): Promise<string> {
  return compileWordPattern(await expandPieces(word, scope));
}

function compileWordPattern(pieces: readonly Piece[]): string {
  return pieces.map(({ text, isQuoted }) => (isQuoted ? escapeLiteral(text) : text)).join("");
}

export function readFieldSeparators(scope: ExpansionScope): string {
  return scope.readParameter("IFS") ?? " \t\n";
}

async function expandPieces(word: ShellWord, scope: ExpansionScope): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, part] of word.entries()) pieces.push(...(await expandPart(part, index === 0, scope)));
  return pieces;
}

async function expandPart(part: WordPart, isFirst: boolean, scope: ExpansionScope): Promise<Piece[]> {
  const { isQuoted } = part;
  switch (part.kind) {
    case "text":
      return [{ text: isFirst && !isQuoted ? withHome(part.text, scope) : part.text, isQuoted }];
    case "command":
      return [{ text: (await scope.readOutput(part.script)).replace(/\n+$/, ""), isQuoted, isSplit: !isQuoted }];
    case "arithmetic":
      return [
        { text: String(evaluate(await expandText(part.word, scope), scope.variables)), isQuoted, isSplit: !isQuoted },
      ];
    case "parameter":
      return expandParameter(part, scope);
  }
}

function withHome(text: string, scope: ExpansionScope): string {
  return /^~(?=\/|$)/.test(text) ? `${scope.readParameter("HOME") ?? "~"}${text.slice(1)}` : text;
}

async function expandParameter(part: ParameterExpansion, scope: ExpansionScope): Promise<Piece[]> {
  const { name, operator, isQuoted } = part;
  if ((name === "@" || name === "*") && operator === "") return joinPositional(name, isQuoted, scope);
  const value = scope.readParameter(name);
  const handlesUnset = ["-", "=", "?", "+"].includes(operator.at(-1) ?? "");
  if (value === undefined && !handlesUnset && scope.failsOnUnset) throw new SyntaxFault(`${name}: parameter not set`);
  if (operator === "length" && (name === "@" || name === "*"))
    return [{ text: String(scope.positional.length), isQuoted }];
  if (operator === "length") return [{ text: String([...(value ?? "")].length), isQuoted }];
  if (/^[%#]/.test(operator))
    return [
      { text: trimMatch(value ?? "", operator, await expandPattern(part.word, scope)), isQuoted, isSplit: !isQuoted },
    ];
  if (/^[/:]\/?$/.test(operator))
    return [{ text: await applyParameterEdit(value ?? "", part, scope), isQuoted, isSplit: !isQuoted }];
  const isMissing = value === undefined || (operator.startsWith(":") && value === "");
  const kind = operator.at(-1);
  if (kind === "+") return isMissing ? [] : expandPieces(part.word, scope);
  if (!isMissing || kind === undefined) return [{ text: value ?? "", isQuoted, isSplit: !isQuoted }];
  return substitute(part, kind, scope);
}

async function substitute(part: ParameterExpansion, kind: string, scope: ExpansionScope): Promise<Piece[]> {
  if (kind === "-")
    return (await expandPieces(part.word, scope)).map((piece) => ({ ...piece, isSplit: !piece.isQuoted }));
  const text = await expandText(part.word, scope);
  if (kind === "?") {
    const standard = part.operator.startsWith(":") ? "parameter not set or null" : "parameter not set";
    throw new SyntaxFault(`${part.name}: ${text || standard}`);
  }
  scope.variables.set(part.name, text);
  return [{ text, isQuoted: part.isQuoted, isSplit: !part.isQuoted }];
}

/** `${name/pattern/text}`, `${name//pattern/text}`, `${name:offset:length}`. */
async function applyParameterEdit(
  value: string,
  { operator, word, second = [] }: ParameterExpansion,
  scope: ExpansionScope,
): Promise<string> {
  if (operator !== ":") {
    const source = toPatternSource(await expandPattern(word, scope));
    const text = await expandText(second, scope);
    return source === ""
      ? value
      : value.replace(
          compileLinear(source, `${operator === "//" ? "g" : ""}${chooseUnicode(source, value)}`),
          () => text,
        );
  }
  const offset = Number(evaluate(await expandText(word, scope), scope.variables));
  const from = offset < 0 ? Math.max(0, value.length + offset) : offset;
  if (second.length === 0) return value.slice(from);
  const length = Number(evaluate(await expandText(second, scope), scope.variables));
  return length < 0 ? value.slice(from, length) : value.slice(from, from + length);
}

function joinPositional(name: string, isQuoted: boolean, scope: ExpansionScope): Piece[] {
  const { positional } = scope;
  if (name === "*" && isQuoted) return [{ text: positional.join(readFieldSeparators(scope)[0] ?? ""), isQuoted }];
  return positional.map((text, index) => ({ text, isQuoted, isSplit: !isQuoted, breaks: index > 0 }));
}

/** `${name%pattern}` and its kin. */
function trimMatch(value: string, operator: string, pattern: string): string {
  const source = toPatternSource(pattern);
  if (operator === "##") return value.replace(compileLinear(`^(?:${source})`, chooseUnicode(source, value)), "");
  const ends = [...Array(value.length + 1).keys()];
  const isWholeMatch = (text: string): boolean => isPatternMatch(text, pattern);
  if (operator === "#") return value.slice(ends.find((end) => isWholeMatch(value.slice(0, end))) ?? 0);
  const starts = operator === "%" ? ends.reverse() : ends;
  return value.slice(0, starts.find((start) => isWholeMatch(value.slice(start))) ?? value.length);
}

/** Field splitting: each field keeps which of its stretches were quoted. */
function split(pieces: readonly Piece[], separators: string): Piece[][] {
  const fields: Piece[][] = [];
  let open: Piece[] | undefined;
  const close = (): void => {
    if (open !== undefined) fields.push(open);
    open = undefined;
  };
  for (const piece of pieces) {
    if (piece.breaks === true) close();
    if (piece.isSplit !== true) {
      if (piece.text !== "" || piece.isQuoted) open = [...(open ?? []), piece];
      continue;
    }
    const parts = splitText(piece.text, separators);
    for (const [index, text] of parts.entries()) {
      if (index > 0) close();
      if (text !== "") open = [...(open ?? []), { text, isQuoted: false }];
    }
  }
  close();
  return fields;
}

/** Empty strings at the ends stand for separators there. */
function splitText(text: string, separators: string): string[] {
  if (separators === "") return [text];
  const set = separators.replace(/[\]\\^-]/g, "\\$&");
  return text.split(/^\s*$/.test(separators) ? new RegExp(`[${set}]+`) : new RegExp(`\\s*[${set}]\\s*|\\s+(?=$)`));
}

/** The files that a field matches; itself where it is no pattern, or matches none. */
function matchFiles(field: readonly Piece[], scope: ExpansionScope): string[] {
  const text = field.map((piece) => piece.text).join("");
  if (!scope.expandsFiles) return [text];
  if (!field.some((piece) => !piece.isQuoted && hasPattern(piece.text))) return [text];
  const found = expandGlob(compileWordPattern(field), scope);
  return found.length === 0 ? [text] : found;
}

function expandGlob(pattern: string, scope: ExpansionScope): string[] {
  const [start, ...segments] = pattern.startsWith("/")
    ? ["/", ...pattern.slice(1).split("/")]
    : ["", ...pattern.split("/")];
  return segments.reduce(
    (paths, segment) => paths.flatMap((path) => findMatches(path, segment, scope)),
    [start as string],
  );
}

function findMatches(path: string, segment: string, { disk, cwd }: ExpansionScope): string[] {
  const prefix = path === "" || path.endsWith("/") ? path : `${path}/`;
  if (!hasPattern(segment)) return [`${prefix}${segment.replace(/\\(.)/g, "$1")}`];
  const folder = path === "" ? cwd : path.startsWith("/") ? path : `${cwd}/${path}`;
  if (disk.peek(folder)?.kind !== "directory") return [];
  return sortByName(disk.list(folder))
    .map(([name]) => name)
    .filter((name) => (!name.startsWith(".") || segment.startsWith(".")) && isPatternMatch(name, segment))
    .map((name) => `${prefix}${name}`);
}
