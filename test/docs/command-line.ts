/** What the command line says of itself: the sources' own words, whatever was built last. */
import { vi } from "vitest";

const WIDTH = 110;

/** The help of a verb, or of all. */
export async function helpOf(verb: string): Promise<string> {
  const { argv } = process;
  const printed: string[] = [];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text)),
    vi.spyOn(process, "exit").mockImplementation((() => undefined) as never),
  ];
  const columns = Object.getOwnPropertyDescriptor(process.stdout, "columns");
  Object.defineProperty(process.stdout, "columns", { value: WIDTH, configurable: true });
  process.argv = ["node", "whalesong", ...(verb === "" ? [] : [verb]), "--help"];
  try {
    vi.resetModules();
    const { runCommandLine } = await import("../../src/cli/main.ts");
    await runCommandLine();
  } finally {
    process.argv = argv;
    if (columns === undefined) delete (process.stdout as { columns?: number }).columns;
    else Object.defineProperty(process.stdout, "columns", columns);
    for (const spy of spies) spy.mockRestore();
  }
  return printed
    .join("\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
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
