/** Commands that need nothing but their words. */
import type { Process, Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { compilePattern } from "./posix-pattern.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\x1b",
  "\\": "\\",
};

export const yes: Program = async (self) => {
  const line = `${self.argv.slice(1).join(" ") || "y"}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  for (;;) {
    await self.writeStdout(block);
    await self.yield();
  }
};

export const echo: Program = async (self) => {
  const words = self.argv.slice(1);
  const flags = new Set<string>();
  while (/^-[neE]+$/.test(words[0] ?? "")) for (const letter of (words.shift() as string).slice(1)) flags.add(letter);
  const text = flags.has("e") ? resolveEscapes(words.join(" ")) : words.join(" ");
  await self.writeStdout(flags.has("n") ? text : `${text}\n`);
  return 0;
};

function resolveEscapes(text: string): string {
  return text.replace(
    /\\(?:0([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/g,
    (whole, zero, hex, octal, letter) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const digits = zero ?? octal;
      return digits === undefined ? (ESCAPES[letter] ?? whole) : String.fromCharCode(Number.parseInt(digits, 8));
    },
  );
}

export const printf: Program = async (self) => {
  const [, format = "", ...words] = self.argv;
  const rest = [...words];
  let text = "";
  do text += formatWords(resolveEscapes(format), rest);
  while (rest.length > 0 && /%[^%]/.test(format));
  await self.writeStdout(text);
  return 0;
};

function formatWords(format: string, words: string[]): string {
  return format.replace(/%(-?)(0?)(\d*)(?:\.(\d+))?([%sdiuxXocbf])/g, (_, left, zero, width, precision, kind) => {
    if (kind === "%") return "%";
    const text = convertWord(kind, words.shift() ?? "", precision);
    if (left === "-") return text.padEnd(Number(width));
    return text.padStart(Number(width), zero === "0" ? "0" : " ");
  });
}

function convertWord(kind: string, word: string, precision: string | undefined): string {
  if (kind === "s") return precision === undefined ? word : word.slice(0, Number(precision));
  if (kind === "b") return resolveEscapes(word);
  if (kind === "c") return word.slice(0, 1);
  if (kind === "f") return Number(word).toFixed(Number(precision ?? 6));
  const number = Math.trunc(Number(word) || 0);
  const bases: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8 };
  const text = number.toString(bases[kind] ?? 10);
  return kind === "X" ? text.toUpperCase() : text;
}

export const seq: Program = async (self) => {
  const { flags, words } = readOptions(
    self.argv.map((word) => (/^-\d/.test(word) ? ` ${word}` : word)),
    "s",
  );
  const numbers = words.map(Number);
  const [first, step, last] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  return printSequence(self, first ?? 1, step ?? 1, last ?? 1, flags.get("s") ?? "\n");
};

async function printSequence(
  self: Process,
  first: number,
  step: number,
  last: number,
  separator: string,
): Promise<number> {
  let text = "";
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    text += `${text === "" && value === first ? "" : separator}${value}`;
    if (text.length < 4096) continue;
    await self.writeStdout(text);
    text = separator === "" ? "" : "";
    await self.yield();
  }
  await self.writeStdout(`${text}\n`);
  return 0;
}

export const basename: Program = async (self) => {
  const [, path = "", suffix = ""] = self.argv;
  const name = path.replace(/\/+$/, "").split("/").at(-1) || "/";
  await self.writeStdout(
    `${suffix !== "" && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name}\n`,
  );
  return 0;
};

export const dirname: Program = async (self) => {
  const path = (self.argv[1] ?? "").replace(/\/+$/, "");
  const slash = path.lastIndexOf("/");
  await self.writeStdout(`${slash === -1 ? "." : slash === 0 ? "/" : path.slice(0, slash)}\n`);
  return 0;
};

/** `expr 1 + 2`, comparisons, `expr length abc`, and what is found at the beginning: `expr abc : 'a\\(.\\)'`. */
export const expr: Program = async (self) => {
  const [, left = "", operator = "", right = ""] = self.argv;
  if (left === "length") return printResult(self, String(operator.length));
  if (operator === ":") return printResult(self, matchPattern(left, right));
  const results: Readonly<Record<string, () => number>> = {
    "+": () => Number(left) + Number(right),
    "-": () => Number(left) - Number(right),
    "*": () => Number(left) * Number(right),
    "/": () => Math.trunc(Number(left) / Number(right)),
    "%": () => Number(left) % Number(right),
    "=": () => Number(left === right),
    "!=": () => Number(left !== right),
    "<": () => Number(Number(left) < Number(right)),
    ">": () => Number(Number(left) > Number(right)),
  };
  return printResult(self, String(results[operator]?.() ?? left));
};

async function printResult(self: Process, result: string): Promise<number> {
  await self.writeStdout(`${result}\n`);
  return result === "" || result === "0" ? 1 : 0;
}

/** The first group, or how long it is. */
function matchPattern(text: string, pattern: string): string {
  const match = compilePattern(`^${pattern.replace(/^\^/, "")}`, false).exec(text);
  return pattern.includes("\\(") ? (match?.[1] ?? "") : String(match?.[0].length ?? 0);
}
