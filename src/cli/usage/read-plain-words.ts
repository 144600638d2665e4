/**
 * Reads the words of a command line that needs no parser: a cassette, known flags once each, a command behind `--`.
 * To load yargs, and to tell it about all flags, takes longer than to start a replay. What is not plain is left to it,
 * and so is all that is wrong.
 */
import type { Options } from "yargs";

/** What a verb whose words may be plain knows of them. */
export interface PlainGrammar {
  /** `replay <cassettes..>` */
  readonly command: string;
  readonly flags: Readonly<Record<string, Options>>;
}

/** As yargs gives them to the verb: each flag under its name, and under the same name in camel case. */
export type PlainArguments = Readonly<Record<string, unknown>>;

/** Anything else could be a forgotten `--` and a command. */
const CASSETTE = /^[\w./][\w./-]*\.ya?ml$/;
const COMMAND = /^(\w+) <(\w+)(\.\.)?>$/;

/**
 * @param words those behind the verb
 * @returns undefined if yargs has to look at them
 */
export function readPlainWords(words: readonly string[], { command, flags }: PlainGrammar): PlainArguments | undefined {
  const [, verb, positional, dots] = COMMAND.exec(command) ?? [];
  if (verb === undefined || positional === undefined) return undefined;
  const end = words.indexOf("--");
  const own = end === -1 ? words : words.slice(0, end);
  const [first = "", ...rest] = own;
  const values = CASSETTE.test(first) ? readFlags(rest, flags) : undefined;
  if (values === undefined) return undefined;
  return {
    _: [verb],
    $0: "whalesong",
    ...(end === -1 || end === words.length - 1 ? {} : { "--": words.slice(end + 1) }),
    [positional]: dots === undefined ? first : [first],
    ...spellBothWays({ ...listDefaults(flags), ...values }),
  };
}

function readFlags(words: readonly string[], flags: PlainGrammar["flags"]): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  for (let at = 0; at < words.length; at++) {
    const [word = "", next = ""] = words.slice(at);
    const name = word.slice(2);
    const flag = word.startsWith("--") && Object.hasOwn(flags, name) && !(name in values) ? flags[name] : undefined;
    if (flag === undefined || !isPlainFlag(flag, next)) return undefined;
    values[name] = flag.type === "boolean" ? true : next;
    if (flag.type !== "boolean") at++;
  }
  return values;
}

/** Whether `next`, the word behind a flag, is surely its value, or no value of it. */
function isPlainFlag({ type, array, implies, alias, choices, coerce }: Options, next: string): boolean {
  if (array === true || implies !== undefined || alias !== undefined || coerce !== undefined) return false;
  if (type === "boolean") return next === "" || next.startsWith("--");
  if (choices !== undefined) return choices.includes(next);
  return type === "string" && /^[^-\s"'][^"']*$/.test(next);
}

function listDefaults(flags: PlainGrammar["flags"]): Record<string, unknown> {
  const pairs = Object.entries(flags).map(([name, flag]) => [name, flag.default] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function spellBothWays(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const pairs = Object.entries(values).map(([name, value]) => [toCamelCase(name), value] as const);
  return { ...values, ...Object.fromEntries(pairs) };
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
