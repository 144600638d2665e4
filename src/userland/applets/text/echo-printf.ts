/** Commands that need nothing but their words. */
import type { Process, Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { fromByteString, resolveEscapes, toByteString } from "./escapes.ts";
import { compilePattern } from "./posix-pattern.ts";

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
  const line = toByteString(words.join(" "));
  const { text, isCut } = flags.has("e") ? resolveEscapes(line, "word") : { text: line, isCut: false };
  await self.writeStdout(
    fromByteString(
      flags.has("n") || isCut
        ? text
        : `${text}
`,
    ),
  );
  return 0;
};

export const seq: Program = async (self) => {
  const { flags, words } = readOptions(
    self.argv.map((word) => (/^-\d/.test(word) ? ` ${word}` : word)),
    "ws:",
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
