/** `set`, `shift` and `let`. */
import { evaluate } from "../arithmetic.ts";
import type { Shell } from "../shell.ts";
import { findShellOption, formatShellOptions } from "../shell-options.ts";
import { SyntaxFault } from "../syntax.ts";
import { parseNumber } from "./control.ts";
import { listVariables } from "./variables.ts";

/** Options, and then the parameters; without words, a list of all variables. */
export async function setOptions(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  if (words.length === 0) await shell.self.writeStdout(listVariables(shell, shell.values.keys(), ""));
  for (let word = words[0]; word !== undefined && /^[-+]./.test(word); word = words[0]) {
    words.shift();
    if (word === "--") {
      shell.positional = words;
      return 0;
    }
    const status = await applyOptions(shell, word, words);
    if (status !== 0) return status;
  }
  if (words.length > 0) shell.positional = words[0] === "-" ? words.slice(1) : words;
  return 0;
}

/** `-eu`, `+x`, `-o pipefail`. @throws SyntaxFault for a letter that is no option */
async function applyOptions(shell: Shell, word: string, words: string[]): Promise<number> {
  const sign = word[0] as string;
  for (const letter of word.slice(1)) {
    if (letter === "o" && words.length === 0) {
      await shell.self.writeStdout(formatShellOptions(shell.options));
      continue;
    }
    const text = letter === "o" ? (words.shift() as string) : letter;
    const option = findShellOption(text);
    if (option === undefined && letter === "o")
      return shell.failWith(`set: line 0: illegal option ${sign}o ${text}`, 1);
    if (option === undefined) throw new SyntaxFault(`set: line 0: illegal option ${sign}${letter}`);
    shell.options[sign === "-" ? "add" : "delete"](option);
  }
  return 0;
}

export function shiftWords(shell: Shell, [name = "", text = "1"]: readonly string[]): number {
  const count = parseNumber(name, text);
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
}

export async function evaluateLet(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  if (words.length === 0) return shell.failWith("let: line 0: expression expected", 2);
  let value = 0n;
  try {
    for (const word of words) value = evaluate(word, shell.variables);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return shell.failWith(`let: line 0: ${error.message}`, 2);
  }
  return value === 0n ? 1 : 0;
}
