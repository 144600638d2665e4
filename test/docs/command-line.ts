/** What the command line says of itself: the sources' own words, whatever was built last. */
import { runWords } from "../../src/cli/run-words.ts";

const WIDTH = 110;

/** The help of a verb, or of all. */
export async function helpOf(verb: string): Promise<string> {
  const printed: string[] = [];
  const write = (text: string): void => void printed.push(text);
  const terminal = { stdout: { write }, stderr: { write }, waitForStop: () => Promise.resolve() };
  await runWords([...(verb === "" ? [] : [verb]), "--help"], terminal, WIDTH);
  const lines = printed.join("").split("\n");
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}

/** `record`, `replay` ... of the help of all. */
export function verbsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}whalesong (\w+)/gm)].map(([, verb]) => verb as string);
}

/** `--listen`, `--mode` ... of the help of a verb. */
export function flagsOf(help: string): string[] {
  const options = help.slice(0, help.indexOf("\nExamples:"));
  return [...options.matchAll(/^ {2,}(?:-\w, )?--([\w-]+)/gm)].map(([, flag]) => flag as string);
}

/** The choices of a flag. */
export function choicesOf(help: string, flag: string): string[] {
  const lines = help.slice(help.indexOf(`--${flag} `));
  const [, list = ""] = /\[choices: ([^\]]*)\]/.exec(lines) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, choice]) => choice as string);
}
