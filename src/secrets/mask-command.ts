import { formatShellLine } from "../base/shell-words.ts";
import { listPlaceholders } from "./placeholders.ts";
import { Redactor } from "./redactor.ts";

/**
 * The words of a command as a cassette has them, for what is printed: `docker run -e PASSWORD=<redacted:1> ...`. A
 * secret that a word gives away is masked in the words before it, too.
 * @param env the values of its variables whose names tell are masked
 * @param rules those that the cassette has beside whalesong's own
 */
export function maskCommand(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  rules: readonly string[] = [],
): readonly string[] {
  const redactor = new Redactor({ env, rules });
  const mask = (value: string, at: number): string =>
    redactor.redactPlace({ path: ["Cmd"], value, before: words.slice(0, at), operation: "ContainerCreate" }) ?? value;
  for (const [at, word] of words.entries()) mask(word, at);
  return words.map(mask);
}

export interface MaskOptions {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default none */
  readonly rules?: readonly string[];
}

/**
 * A line to paste into a shell: `words`, and behind them `command` with its secrets masked. If there are any, a comment
 * of the shell says that the line is to be completed.
 * @param options as for `maskCommand`
 */
export function formatMaskedLine(
  words: readonly string[],
  command: readonly string[],
  { env = process.env, rules }: MaskOptions = {},
): string {
  const masked = maskCommand(command, env, rules);
  const line = formatShellLine([...words, ...masked]);
  const placeholders = [...new Set(masked.flatMap(listPlaceholders))];
  return placeholders.length === 0 ? line : `${line}   # put in what ${placeholders.join(", ")} stands for`;
}
