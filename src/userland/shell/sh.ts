/** The shell as a program: `sh -c`, a script's file, what comes on standard input, or a person at a terminal. */
import { findProgramFor } from "../process/find-program.ts";
import type { Process, Program } from "../process/process.ts";
import { replaceShell } from "./builtins/exec.ts";
import { BUILTINS } from "./builtins/table.ts";
import { expandText, expandWords } from "./expand.ts";
import { parseScript } from "./parse.ts";
import { formatPrompt } from "./prompt.ts";
import { runCommand } from "./run-commands.ts";
import { type CommandRunner, Shell } from "./shell.ts";
import { findShellOption } from "./shell-options.ts";
import { type CommandList, type SimpleCommand, SyntaxFault } from "./syntax.ts";

const BANNER = `

BusyBox v1.35.0 built-in shell (ash)
Enter 'help' for a list of built-in commands.

`;
const RUNNER: CommandRunner = { builtins: BUILTINS, run: runCommand };

export const sh: Program = async (self) => {
  const shell = new Shell(self, RUNNER);
  const [calledAs = ""] = self.argv;
  if (calledAs.startsWith("/")) shell.name = calledAs;
  let words: string[];
  try {
    words = readShellOptions(shell, self.argv.slice(1));
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return shell.failWith(error.message, 2);
  }
  const [isCommand, rest] = words[0] === "-c" ? [true, words.slice(1)] : [false, words];
  if (isCommand && rest.length === 0) return shell.failWith("-c requires an argument", 2);
  if (isCommand) return runCommandString(shell, rest);
  if (rest.length > 0) return runFile(shell, rest);
  const isPerson = self.terminal !== undefined || shell.options.has("i");
  return shell.toEnd(() => (isPerson ? runInteractively(shell) : runStandardInput(shell)));
};

/** `-ec`: letters are options, and `c` says that a script comes. */
function readShellOptions(shell: Shell, words: readonly string[]): string[] {
  const rest = [...words];
  let hasScript = false;
  while (/^-[a-z]+$/i.test(rest[0] ?? "")) {
    for (const letter of (rest.shift() as string).slice(1)) {
      if (letter === "c") hasScript = true;
      else addOption(shell, letter === "o" ? (rest.shift() ?? "") : letter);
    }
  }
  if (rest[0] === "--") rest.shift();
  return hasScript ? ["-c", ...rest] : rest;
}

/** `i`, `l` and `s` say how the shell was started. @throws SyntaxFault for what is no option */
function addOption(shell: Shell, text: string): void {
  const option = findShellOption(text) ?? ("ils".includes(text) ? text : undefined);
  if (option === undefined) throw new SyntaxFault(`illegal option -${text.length > 1 ? `o ${text}` : text}`);
  shell.options.add(option);
}

async function runCommandString(
  shell: Shell,
  [script = "", name = shell.name, ...words]: readonly string[],
): Promise<number> {
  shell.positional = words;
  shell.name = name;
  return shell.toEnd(async () => (shell.options.has("n") ? checkScript(script) : runLast(shell, parseScript(script))));
}

/** With `-n` a script is only read. */
function checkScript(script: string): number {
  parseScript(script);
  return 0;
}

/**
 * busybox's shell does not fork for the last command of a `-c` script, but becomes it; so `top` shows the command,
 * and signals reach it.
 */
async function runLast(shell: Shell, list: CommandList): Promise<number> {
  const items = [...list.items];
  const last = items.pop();
  const status = await shell.list({ kind: "list", items });
  if (last === undefined || shell.options.has("n")) return status;
  if (last.isBackground || last.command.kind !== "simple" || shell.traps.size > 0) {
    return shell.list({ kind: "list", items: [last] });
  }
  return lastSimple(shell, last.command);
}

async function lastSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  const isPlain =
    command.redirects.length === 0 && command.words.every((word) => word.every(({ kind }) => kind !== "command"));
  if (!isPlain || command.words.length === 0) return shell.run(command);
  const argv = await expandWords(command.words, shell);
  const [name = ""] = argv;
  if (shell.functions.has(name) || BUILTINS.has(name) || shell.options.has("x")) return shell.run(command);
  shell.self.env = { ...shell.environment, PATH: shell.values.get("PATH") ?? "" };
  const program = findProgramFor(shell.self, argv);
  if (typeof program !== "function") return shell.run(command);
  for (const { name: key, value } of command.assignments) {
    shell.values.set(key, await expandText(value, shell));
    shell.exported.add(key);
  }
  return replaceShell(shell, argv, program);
}

async function runFile(shell: Shell, [path = "", ...words]: readonly string[]): Promise<number> {
  const node = shell.disk.peek(shell.self.resolvePath(path));
  if (node?.kind !== "file") return shell.failWith(`can't open '${path}': No such file or directory`, 2);
  shell.name = path;
  shell.positional = words;
  return shell.toEnd(() => shell.evaluateScript(node.content.toString("utf8")));
}

async function runStandardInput(shell: Shell): Promise<number> {
  for (let text = await readCommand(shell, ""); text !== undefined; text = await readCommand(shell, "")) {
    await shell.evaluateScript(text);
  }
  return shell.status;
}

/** Shows a prompt before each command. */
async function runInteractively(shell: Shell): Promise<number> {
  const { self } = shell;
  self.onSignal("INT", () => undefined);
  self.onSignal("QUIT", () => undefined);
  await self.writeStdout(BANNER);
  for (;;) {
    await ask(self, await formatPrompt(shell));
    const text = await readCommand(shell, "> ");
    if (text === undefined) return leave(shell);
    await recover(shell, text);
  }
}

async function ask(self: Process, prompt: string): Promise<void> {
  await self.writeStderr(prompt);
  await self.terminal?.askForCursor();
}

/** Ctrl-D leaves the prompt's line unended. */
async function leave({ self, status }: Shell): Promise<number> {
  if (self.terminal !== undefined) await self.writeStderr("\n");
  return status;
}

/** A person's mistake does not end the shell. */
async function recover(shell: Shell, text: string): Promise<void> {
  try {
    await shell.evaluateScript(text);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    shell.status = await shell.failWith(error.message, 2);
  }
}

/** Lines, until they make a whole command; undefined at the end. */
async function readCommand(shell: Shell, more: string): Promise<string | undefined> {
  let text = "";
  for (;;) {
    const line = await readLine(shell.self);
    if (line === undefined) return text === "" ? undefined : text;
    text += line;
    if (isWhole(text)) return text;
    if (more !== "") await ask(shell.self, more);
  }
}

function isWhole(text: string): boolean {
  try {
    parseScript(text);
    return true;
  } catch (error) {
    return !(error instanceof SyntaxFault && error.isUnfinished);
  }
}

async function readLine(self: Process): Promise<string | undefined> {
  let held = Buffer.alloc(0);
  for (;;) {
    const bytes = await self.read();
    if (bytes === undefined) return held.length === 0 ? undefined : held.toString("utf8");
    held = Buffer.concat([held, bytes]);
    const end = held.indexOf(0x0a) + 1;
    if (end === 0) continue;
    if (end < held.length) self.stdin.putBack(held.subarray(end));
    return held.toString("utf8", 0, end);
  }
}
