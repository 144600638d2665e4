/** The names that src/ declares, and the words of its comments, read from the text alone (masked.ts says why). */
import { functionsOf } from "./functions.ts";
import { lineOf, masked } from "./masked.ts";
import type { SourceFile } from "./rooms.ts";
import { VERBS } from "./verbs.ts";

export interface DeclaredName {
  readonly name: string;
  readonly line: number;
  readonly isExported: boolean;
}

const FUNCTION = /(\bexport\s+)?\b(?:async\s+)?function\s*\*?\s*([\w$]+)/g;
/** `const name = (...) =>`, `const name: Type = async (...) =>`. */
const ARROW =
  /(\bexport\s+)?\bconst\s+([\w$]+)(?:\s*:[^=;]+(?:=>[^=;]+)?)?\s*=\s*(?:async\s*)?(?:<[^>]*>\s*)?\([^;{}]*?\)(?:\s*:[^=;{}]+)?\s*=>/g;
const TYPE =
  /(\bexport\s+)?\b(?:abstract\s+)?\b(?:interface|class|type)\s+([A-Z][\w$]*)\s*(?=[<{=]|extends|implements)/g;
const VARIABLE = /(\bexport\s+)?\b(?:const|let)\s+([\w$]+)\b/g;

/** An applet is named as POSIX names it: `export const rm: Program = ...`. */
const APPLET = /^export\s+const\s+\w+\s*:\s*Program\b/;

/** Functions, methods and functions that a constant holds. */
export function functionNames({ code }: SourceFile): DeclaredName[] {
  const declared = [...namesBy(FUNCTION, code), ...namesBy(ARROW, code)];
  const lines = code.split("\n");
  const methods = functionsOf(code)
    .filter(({ name, line }) => METHOD.exec(lines[line - 1] ?? "")?.[1] === name && name !== "constructor")
    .map(({ name, line }) => ({ name, line, isExported: false }));
  return [...declared, ...methods];
}

/** A method where it is declared; a getter is a property, and named as one. */
const METHOD = /^\s+(?:(?:static|async|override)\s+)*\*?(#?[\w$]+)\s*(?:<[^(]*>)?\(/;

export function exportedTypes({ code }: SourceFile): DeclaredName[] {
  return namesBy(TYPE, code).filter(({ isExported }) => isExported);
}

export function variableNames({ code }: SourceFile): DeclaredName[] {
  return namesBy(VARIABLE, code);
}

function namesBy(pattern: RegExp, code: string): DeclaredName[] {
  const matches = [...code.matchAll(pattern)].filter(([text]) => !APPLET.test(text));
  return matches.map(({ index, 1: exported, 2: name = "" }) => ({
    name,
    line: lineOf(code, index),
    isExported: exported !== undefined,
  }));
}

/** Lines of comments, without the marks that make them comments. */
export function commentLines({ text }: SourceFile): { readonly line: number; readonly text: string }[] {
  const code = masked(text).split("\n");
  return text.split("\n").flatMap((written, at) => {
    const comment = /^\s*(?:\/\*\*?|\*)(.*)$|\/\/(.*)$/.exec(written);
    const isCode = comment !== null && (code[at] ?? "").slice(comment.index).trim() !== "" && !/^\s*[*/]/.test(written);
    return comment === null || isCode ? [] : [{ line: at + 1, text: (comment[1] ?? comment[2] ?? "").trim() }];
  });
}

/** `createEngine` is `create`, `engine`; `#isHTTPHead` is `is`, `http`, `head`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/^[#_$]+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[ _$]+/)
    .map((word) => word.toLowerCase());
}

/** Prepositions that begin conversions and claims: `toJson`, `isOpen`, `withTimeout`. */
const LEADS: ReadonlySet<string> = new Set(["is", "has", "can", "to", "from", "as", "on", "with", "without"]);

export function startsWithVerb(name: string): boolean {
  const [first = ""] = wordsOf(name);
  return VERBS.has(first) || LEADS.has(first);
}

const IRREGULAR =
  /^(?:told|said|spoken|heard|given|found|meant|known|kept|begun|taken|written|sent|left|lost|held|hung|struck|thrown|drawn|shown|seen|built|bound|made|done|gone|grown|broken|chosen|hidden|caught|brought|thought|laid|paid|met|spent)$/;
/** Verbs and nouns that end like participles. */
const NO_PARTICIPLES: ReadonlySet<string> = new Set(["embed", "exceed", "feed", "need", "proceed", "seed", "speed"]);

/** One word that says in what state a thing is, and not what the function does: `told`, `wanted`. */
export function isBareParticiple(name: string): boolean {
  const words = wordsOf(name);
  const [word = ""] = words;
  return words.length === 1 && !NO_PARTICIPLES.has(word) && (word.endsWith("ed") || IRREGULAR.test(word));
}
