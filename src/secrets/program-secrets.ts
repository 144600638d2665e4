/**
 * Secrets that only the program before them gives away: `mysql -psecret`, `redis-cli -a secret`, `echo root:secret |
 * chpasswd`, `IDENTIFIED BY 'secret'`.
 */
import { type CommandLine, type CommandWord, splitCommands, unquoteWord } from "./command-words.ts";
import { isReference } from "./named-secrets.ts";
import type { RuleName } from "./rule-names.ts";
import { SECRET_ARGUMENTS, SECRET_READERS, type SecretArgument, type SecretReader } from "./secret-arguments.ts";
import type { SecretSpan } from "./secret-span.ts";

/** SQL of MySQL, PostgreSQL and SQL Server. */
const STATEMENT =
  /\b(?:PASSWORD\s{0,9}=?|IDENTIFIED\s{1,9}(?:WITH\s{1,9}[\w'"]{1,64}\s{1,9})?BY(?:\s{1,9}PASSWORD)?)\s{0,9}\(?\s{0,9}N?'([^'\n]+)'/gi;
/** What is blanked, what stands for standard input. */
const NO_SECRET = /^(?:\*+|-)$/;
/** A reference or a placeholder, where a shell reads it. */
const SHELL_REFERENCE = /^["']?[$<]/;
/** The ports that `docker run -p` publishes. */
const PORTS = /^=?(?:[\d.]+:)?[\d-]+:[\d-]+(?:\/(?:tcp|udp))?$/;
/** Of the words before one, as `when` sees them. */
const LONGEST_LINE = 300;
/** Of a command, as far as it tells what reads a secret. */
const MOST_WORDS = 64;
/** They run the program that stands behind them. */
const RUNNERS =
  /^(?:sudo|doas|env|exec|time|timeout|nice|docker|docker-compose|podman|nerdctl|kubectl|ssh|chroot|gosu|su-exec|busybox|RUN|CMD)$/;

function indexByProgram<Row extends { readonly programs: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows)
    for (const name of row.programs.split(" ")) index.set(name, [...(index.get(name) ?? []), row]);
  return index;
}

const ARGUMENTS = indexByProgram(SECRET_ARGUMENTS);
const READERS = indexByProgram(SECRET_READERS);

/** Files are called so, too, and whole commands end so: `/etc/passwd`, `find /var/lib/mysql -print`, `"grep x /etc/passwd"`. */
const NO_PROGRAM = /^\/(?:etc|var)\/(?!.*bin\/)|^(?![A-Za-z]:\\).*\s/;

/** `mysql` of `/usr/bin/mysql` and of `mysql.exe`. */
function nameProgram(word: string): string {
  return word.length > 200 || NO_PROGRAM.test(word)
    ? ""
    : word.slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1).replace(/\.exe$/i, "");
}

/** In a line of a shell. */
export function findInProgramLine(text: string, rule: RuleName): SecretSpan[] {
  const statements = [...text.matchAll(STATEMENT)].map(({ 0: all, 1: secret = "", index }) => {
    const end = index + all.length - 1;
    return { start: end - secret.length, end, rule };
  });
  const all = splitCommands(text).flatMap((command) => [...findArguments(command.words), ...findInput(command)]);
  const found = all.filter((word) => !SHELL_REFERENCE.test(word.text));
  return [...statements, ...found.map(({ start, text: { length } }) => ({ start, end: start + length, rule }))];
}

/**
 * In a list of arguments.
 * @param before the arguments before this one
 */
export function findInProgramArgument(text: string, before: readonly string[], rule: RuleName): SecretSpan[] {
  if (before.length === 0) return [];
  const argument = { start: 0, text };
  // Of the others the places are of no use.
  const words = [...before.map((word) => ({ start: Number.NEGATIVE_INFINITY, text: word })), argument];
  const found = findArguments(words).filter((word) => word.start >= 0 && !isReference(word.text));
  return found.map(({ start, text: { length } }) => ({ start, end: start + length, rule }));
}

/** How far the words of a program have come to a secret argument. */
interface OpenArgument {
  readonly row: SecretArgument;
  /** Those that are still to come. */
  subcommands: readonly string[];
  /** The program's words so far, each behind a blank. */
  line: string;
  positions: number;
}

function findArguments(words: readonly CommandWord[]): CommandWord[] {
  const open = new Map<SecretArgument, OpenArgument>();
  const found: CommandWord[] = [];
  for (const [at, word] of words.entries()) {
    const previous = words[at - 1]?.text ?? "";
    // A comment, as BuildKit writes one behind each step: `RUN mkpasswd # buildkit`.
    if (word.text === "#") open.clear();
    for (const argument of open.values()) {
      const secret = takeWord(argument, word, previous);
      if (secret !== undefined) found.push(secret);
      if (argument.row.isWrapper === true && !isOption(word.text) && !isSkipped(argument.row, previous))
        open.delete(argument.row);
    }
    for (const row of ARGUMENTS.get(nameProgram(word.text)) ?? [])
      if (!open.has(row)) open.set(row, { row, subcommands: listWords(row.subcommands), line: "", positions: 0 });
  }
  return found;
}

function listWords(text = ""): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

function isOption(word: string): boolean {
  return word.startsWith("-");
}

/** Whether what follows this option is its value. */
function isSkipped({ skips }: SecretArgument, option: string): boolean {
  return listWords(skips).includes(option);
}

/** Passes over a word of the program; returns what is secret of it. */
function takeWord(argument: OpenArgument, word: CommandWord, previous: string): CommandWord | undefined {
  const { row, line, subcommands } = argument;
  if (line.length < LONGEST_LINE) argument.line = `${line} ${word.text.slice(0, LONGEST_LINE)}`;
  if (subcommands.length > 0) {
    if (subcommands[0]?.split("/").includes(word.text) === true) argument.subcommands = subcommands.slice(1);
    return undefined;
  }
  const value = readValue(argument, word, previous);
  return value === undefined || row.when?.test(line) === false ? undefined : narrow(value, row.part);
}

function readValue(argument: OpenArgument, word: CommandWord, previous: string): CommandWord | undefined {
  const { options, after, positions } = argument.row;
  if (options !== undefined) return readOption(argument.row, word, previous);
  if (isOption(word.text)) return undefined;
  if (after !== undefined) return after.test(previous) ? word : undefined;
  if (isSkipped(argument.row, previous)) return undefined;
  argument.positions += 1;
  return positions?.includes(argument.positions) === true ? word : undefined;
}

function readOption(
  { options, value = "either", switches = "" }: SecretArgument,
  word: CommandWord,
  previous: string,
): CommandWord | undefined {
  for (const option of listWords(options)) {
    if (value !== "attached" && skipSwitches(previous, option, switches) === option)
      return isOption(word.text) || PORTS.test(word.text) ? undefined : word;
    const prefix = option.startsWith("--") ? `${option}=` : option;
    const text = skipSwitches(word.text, option, switches);
    if (value !== "next" && text.length > prefix.length && text.startsWith(prefix))
      return PORTS.test(text.slice(prefix.length))
        ? undefined
        : unquoteWord(cutWord(word, word.text.length - text.length + prefix.length));
  }
  return undefined;
}

/** `-u` of `-sSu`. */
function skipSwitches(word: string, option: string, switches: string): string {
  if (switches === "" || !isOption(word)) return word;
  let at = 1;
  while (at < word.length && switches.includes(word[at] as string)) at += 1;
  return word[at] === option[1] ? `-${word.slice(at)}` : word;
}

function cutWord({ start, text }: CommandWord, from: number): CommandWord {
  return { start: start + from, text: text.slice(from) };
}

function narrow(word: CommandWord, part: RegExp | undefined): CommandWord | undefined {
  const match = part?.exec(word.text);
  if (match === null) return undefined;
  const { start, text } = match === undefined ? word : cutToGroup(word, match);
  return text === "" || NO_SECRET.test(text) ? undefined : { start, text };
}

function cutToGroup({ start }: CommandWord, { 0: all, 1: secret = "", index }: RegExpExecArray): CommandWord {
  return { start: start + index + all.length - secret.length, text: secret };
}

/** What a program that reads a secret is given by `<<<`, or by `echo` and `printf` before its pipe. */
function findInput({ words, here, source }: CommandLine): CommandWord[] {
  const inputs = here === undefined ? listEchoed(source?.words ?? []) : [here];
  if (inputs.length === 0) return [];
  const readers = listReaders(words.slice(0, MOST_WORDS));
  return readers.flatMap(({ part }) =>
    inputs.flatMap(splitLines).flatMap((line) => {
      const secret = narrow(line, part);
      return secret === undefined ? [] : [secret];
    }),
  );
}

function listReaders(words: readonly CommandWord[]): readonly SecretReader[] {
  const runs = RUNNERS.test(nameProgram(words[0]?.text ?? "")) ? words : words.slice(0, 1);
  const named = runs.flatMap(({ text }, at) =>
    (READERS.get(nameProgram(text)) ?? []).filter(({ when }) => when?.test(joinWords(words.slice(at + 1))) !== false),
  );
  const any = (READERS.get("*") ?? []).filter(({ when }) => when?.test(joinWords(words)) === true);
  return [...named, ...any];
}

function joinWords(words: readonly CommandWord[]): string {
  return ["", ...words.map(({ text }) => text.slice(0, LONGEST_LINE)), ""].join(" ");
}

function listEchoed(words: readonly CommandWord[]): readonly CommandWord[] {
  const at = words.slice(0, MOST_WORDS).findIndex(({ text }) => /^(?:echo|printf)$/.test(nameProgram(text)));
  if (at === -1) return [];
  const inputs = words.slice(at + 1).filter(({ text }) => !/^-[neE]+$/.test(text));
  const hasFormat = inputs.length > 1 && inputs[0]?.text.includes("%") === true;
  return inputs.slice(hasFormat ? 1 : 0, MOST_WORDS);
}

/** Lines end also as `echo -e` and `printf` spell it. */
function splitLines({ start, text }: CommandWord): readonly CommandWord[] {
  return [...text.matchAll(/(.*?)(?:\\n|\n|$)/gs)].map(({ 1: line = "", index }) => ({
    start: start + index,
    text: line,
  }));
}
