/** Builtins about variables: `export`, `readonly`, `local`, `unset`. */
import { saveVariable } from "../scoped-variables.ts";
import type { Shell } from "../shell.ts";
import { SyntaxFault } from "../syntax.ts";

const NAME = /^[A-Za-z_]\w*$/;

/** As `set`, `export` and `readonly` list them: `export A='1'`. */
export function listVariables({ values }: Shell, names: Iterable<string>, prefix: string): string {
  const lines = [...names].sort().map((name) => {
    const value = values.get(name);
    return `${prefix}${name}${value === undefined ? "" : `='${value.replaceAll("'", `'"'"'`)}'`}\n`;
  });
  return lines.join("");
}

export async function exportNames(shell: Shell, words: readonly string[]): Promise<number> {
  const [options, names] = splitOptions(words, "pn");
  if (names.length === 0) return printNames(shell, shell.exported, "export ");
  const isTakenBack = options.includes("n");
  for (const name of names) {
    const key = assignWord(shell, "export", name);
    shell.exported[isTakenBack ? "delete" : "add"](key);
  }
  return 0;
}

export async function protectNames(shell: Shell, words: readonly string[]): Promise<number> {
  const [, names] = splitOptions(words, "p");
  if (names.length === 0) return printNames(shell, shell.readonlyNames, "readonly ");
  for (const name of names) shell.readonlyNames.add(assignWord(shell, "readonly", name));
  return 0;
}

async function printNames(shell: Shell, names: Iterable<string>, prefix: string): Promise<number> {
  await shell.self.writeStdout(listVariables(shell, names, prefix));
  return 0;
}

/** A variable of the function at hand; without a value it is unset. */
export async function declareLocals(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const frame = shell.frames.at(-1);
  if (frame === undefined) throw new SyntaxFault("local: line 0: not in a function");
  for (const word of words) {
    const [key = ""] = word.split("=");
    frame.push(saveVariable(shell, key));
    if (!word.includes("=")) shell.values.delete(key);
    assignWord(shell, "local", word);
  }
  return 0;
}

/** With `-f` functions, else variables. */
export async function unsetNames(shell: Shell, words: readonly string[]): Promise<number> {
  const [options, names] = splitOptions(words, "vf");
  for (const name of names) {
    if (options.includes("f")) shell.functions.delete(name);
    else unsetVariable(shell, name);
  }
  return 0;
}

function unsetVariable(shell: Shell, name: string): void {
  if (!NAME.test(name)) throw new SyntaxFault(`unset: line 0: ${name}: bad variable name`);
  if (shell.readonlyNames.has(name)) throw new SyntaxFault(`unset: line 0: ${name}: is read only`);
  shell.values.delete(name);
  shell.exported.delete(name);
}

/** Returns the name of `NAME=VALUE`, or of `NAME` alone. */
function assignWord(shell: Shell, builtin: string, word: string): string {
  const equals = word.indexOf("=");
  const key = equals === -1 ? word : word.slice(0, equals);
  if (!NAME.test(key)) throw new SyntaxFault(`${builtin}: line 0: ${key}: bad variable name`);
  if (equals !== -1) shell.assign(key, word.slice(equals + 1));
  return key;
}

function splitOptions([name = "", ...words]: readonly string[], known: string): [string, readonly string[]] {
  let letters = "";
  while (/^-./.test(words[0] ?? "")) {
    const word = words.shift() as string;
    if (word === "--") break;
    letters += word.slice(1);
  }
  const illegal = [...letters].find((letter) => !known.includes(letter));
  if (illegal !== undefined) throw new SyntaxFault(`${name}: line 0: illegal option -${illegal}`);
  return [letters, words];
}
