/** `read`: a line of standard input, split into variables. */
import { readFieldSeparators } from "../expand.ts";
import type { Shell } from "../shell.ts";
import { type ReadLetter, splitForRead } from "../split-line.ts";

const LF = "\n";
const SECOND_MS = 1000;
const NAME = /^[A-Za-z_]\w*$/;

interface ReadRules {
  /** A backslash is a character like others. */
  readonly isRaw: boolean;
  readonly limit: number;
  readonly ending: string;
  readonly timeoutMs: number | undefined;
  readonly prompt: string;
}

export async function readVariables(shell: Shell, words: readonly string[]): Promise<number> {
  const parsed = parseOptions(words);
  if (typeof parsed === "string") return shell.failWith(`read: line 0: ${parsed}`, 2);
  const { rules, names } = parsed;
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) return shell.failWith(`read: '${bad}': bad variable name`, 1);
  if (shell.self.terminal !== undefined && rules.prompt !== "") await shell.self.writeStderr(rules.prompt);
  const line = await readLine(shell, rules);
  if (names.length === 0) shell.assign("REPLY", line.text.map(({ letter }) => letter).join(""));
  else {
    const fields = splitForRead(line.text, readFieldSeparators(shell), names.length);
    for (const [index, name] of names.entries()) shell.assign(name, fields[index] ?? "");
  }
  return line.isWhole ? 0 : 1;
}

/** The rules, or what is wrong. */
function parseOptions([, ...words]: readonly string[]):
  | { readonly rules: ReadRules; readonly names: readonly string[] }
  | string {
  const values = new Map<string, string>();
  while (/^-./.test(words[0] ?? "")) {
    const word = words.shift() as string;
    if (word === "--") break;
    const letter = word[1] as string;
    if (letter === "r" || letter === "s") {
      values.set(letter, "");
      if (word.length > 2) words.unshift(`-${word.slice(2)}`);
    } else if (!"pntdu".includes(letter)) return `illegal option -${letter}`;
    else if (word.length === 2 && words.length === 0) return `no arg for -${letter} option`;
    else values.set(letter, word.length > 2 ? word.slice(2) : (words.shift() as string));
  }
  const [limit, timeout] = [values.get("n"), values.get("t")];
  if (limit !== undefined && !/^\d+$/.test(limit)) return "invalid count";
  if (timeout !== undefined && !/^\d*\.?\d+$/.test(timeout)) return "invalid timeout";
  const rules: ReadRules = {
    isRaw: values.has("r"),
    limit: Number(limit ?? Number.POSITIVE_INFINITY),
    ending: values.has("d") ? (values.get("d")?.[0] ?? "\0") : LF,
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * SECOND_MS,
    prompt: values.get("p") ?? "",
  };
  return { rules, names: words };
}

interface ReadLine {
  readonly text: readonly ReadLetter[];
  readonly isWhole: boolean;
}

/** Byte by byte, as a real shell reads it: what follows is left for others. */
async function readLine({ self }: Shell, rules: ReadRules): Promise<ReadLine> {
  let held = Buffer.alloc(0);
  for (;;) {
    const end = findEnd(held, rules);
    if (end !== undefined) {
      if (end < held.length) self.stdin.putBack(held.subarray(end));
      const isLimited = end >= rules.limit;
      return { text: toLetters(held.subarray(0, isLimited ? end : end - 1), rules), isWhole: true };
    }
    const bytes = rules.timeoutMs === undefined ? await self.read() : await self.readWithin(rules.timeoutMs);
    if (bytes === undefined) return { text: toLetters(held, rules), isWhole: false };
    held = Buffer.concat([held, bytes]);
  }
}

/** Behind the end of the line, or behind the last byte that is wanted. */
function findEnd(held: Buffer, { isRaw, limit, ending }: ReadRules): number | undefined {
  const mark = ending.charCodeAt(0);
  for (let at = 0; at < held.length; at += 1) {
    if (at + 1 >= limit) return at + 1;
    if (!isRaw && held[at] === 0x5c) at += 1;
    else if (held[at] === mark) return at + 1;
  }
  return undefined;
}

/** A backslash at a line's end joins the next line to it. */
function toLetters(bytes: Buffer, { isRaw }: ReadRules): ReadLetter[] {
  const letters: ReadLetter[] = [];
  const text = [...bytes.toString("utf8")];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (isRaw || letter !== "\\") letters.push({ letter, isEscaped: false });
    else {
      at += 1;
      const next = text[at];
      if (next !== undefined && next !== LF) letters.push({ letter: next, isEscaped: true });
    }
  }
  return letters;
}
