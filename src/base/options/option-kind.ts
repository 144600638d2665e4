/**
 * Kinds of options: how an error calls what is expected, and what is wrong with a value. Values may come from another
 * realm (jest runs tests in one), so that no kind asks for `instanceof`.
 */
import { findNearestWord } from "../nearest-word.ts";

/** What is wrong with a value. */
export interface OptionProblem {
  /** Of the value: `containers[0].name`; empty for the options as a whole. */
  readonly path: string;
  /** Behind the name of the option: `must be true or false, got the number 1`. */
  readonly complaint: string;
  /** The code of the error. @default WHALESONG_BAD_OPTION */
  readonly code?: string;
}

/** A kind of value. */
export interface OptionKind {
  /** `a text`, `one of ...`. */
  readonly expected: string;
  /** The names in it, where these are a closed set. */
  readonly names?: readonly string[];
  findProblem(value: unknown, path: string): OptionProblem | undefined;
}

/** A kind of values that `accepts` tells apart. */
export function defineKind(expected: string, accepts: (value: unknown) => boolean): OptionKind {
  return {
    expected,
    findProblem: (value, path) => (accepts(value) ? undefined : createMismatch(expected, value, path)),
  };
}

/** One of a few words. The error names the nearest one. */
export function choiceOf(words: readonly string[], code?: string): OptionKind {
  const expected = `one of ${listWords(words)}`;
  const findProblem: OptionKind["findProblem"] = (value, path) => {
    if (words.includes(value as string)) return undefined;
    const problem = createMismatch(expected, value, path);
    const complaint = `${problem.complaint}${typeof value === "string" ? formatHint(value, words) : ""}`;
    return { ...problem, complaint, ...(code === undefined ? {} : { code }) };
  };
  return { expected, findProblem };
}

/** A list, each item of which is of one kind. */
export function listOf(item: OptionKind, expected: string): OptionKind {
  return {
    expected,
    findProblem: (value, path) => {
      if (!Array.isArray(value)) return createMismatch(expected, value, path);
      return findInside(value, (inner, index) => item.findProblem(inner, `${path}[${index}]`));
    },
  };
}

/** A map with keys of any kind. */
export function mapOf(inner: OptionKind, expected: string): OptionKind {
  return {
    expected,
    findProblem: (value, path) => {
      if (!isRecord(value)) return createMismatch(expected, value, path);
      return findInside(Object.entries(value), ([key, item]) => inner.findProblem(item, joinPath(path, key)));
    },
  };
}

/** The kind that `select` chooses for a value; undefined: it is of none. */
export function chosenKind(expected: string, select: (value: unknown) => OptionKind | undefined): OptionKind {
  return {
    expected,
    findProblem: (value, path) => {
      const kind = select(value);
      return kind === undefined ? createMismatch(expected, value, path) : kind.findProblem(value, path);
    },
  };
}

/** A kind for each name of a type, so that an option which is added cannot be forgotten. */
export type OptionTable<T> = { readonly [K in keyof T]-?: OptionKind };

/** Kinds by name, for a table of several types. */
export type OptionKinds<Names extends string> = Readonly<Record<Names, OptionKind>>;

/**
 * An object with the names of a table, where `undefined` is as good as nothing. `name` calls it in errors.
 * @param needed names that must be there
 */
export function recordOf<T>(
  table: OptionTable<T>,
  expected: string,
  needed: readonly (keyof T & string)[] = [],
): OptionKind {
  const kinds = table as Readonly<Record<string, OptionKind>>;
  const findProblem: OptionKind["findProblem"] = (value, path) => {
    if (!isRecord(value)) return createMismatch(expected, value, path);
    for (const name of Object.keys(value)) {
      const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
      if (kind === undefined) return createUnknownName(name, kinds, path);
      const problem = value[name] === undefined ? undefined : kind.findProblem(value[name], joinPath(path, name));
      if (problem !== undefined) return problem;
    }
    const missing = needed.find((name) => value[name] === undefined);
    if (missing === undefined) return undefined;
    return { path, complaint: `${path === "" ? "needs the option" : "must have"} \`${missing}\`` };
  };
  return { expected, names: Object.keys(table), findProblem };
}

/** `kind`, whose errors have another code. */
export function withCode(kind: OptionKind, code: string): OptionKind {
  const findProblem: OptionKind["findProblem"] = (value, path) => {
    const problem = kind.findProblem(value, path);
    return problem === undefined ? undefined : { ...problem, code };
  };
  return { ...kind, findProblem };
}

/** Whether a value is an object of any class, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as an error shows it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : `\`${shorten(value)}\``;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return typeof value.then === "function" ? "a promise (is an `await` missing?)" : "an object";
  return `\`${String(value)}\``;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function createMismatch(expected: string, value: unknown, path: string): OptionProblem {
  const verb = path === "" ? "takes" : "must be";
  return { path, complaint: `${verb} ${expected}, got ${describeValue(value)}` };
}

function createUnknownName(name: string, kinds: Readonly<Record<string, OptionKind>>, path: string): OptionProblem {
  const names = Object.keys(kinds);
  const owner = names.find((other) => kinds[other]?.names?.includes(name));
  const hint = owner === undefined ? formatHint(name, names) : ` (it belongs in \`${owner}\`)`;
  const known = names.length === 0 ? "there are none" : `expected some of ${listWords(names)}`;
  const what = path === "" ? "option" : "member";
  return { path, complaint: `has no ${what} \`${shorten(name)}\`${hint}; ${known}` };
}

function findInside<T>(
  items: readonly T[],
  find: (item: T, index: number) => OptionProblem | undefined,
): OptionProblem | undefined {
  for (const [index, item] of items.entries()) {
    const problem = find(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function formatHint(word: string, words: readonly string[]): string {
  const nearest = findNearestWord(word, words);
  return nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
}

function listWords(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function joinPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
