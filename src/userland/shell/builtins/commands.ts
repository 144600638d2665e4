/** `command` and `type`: what a name stands for. */
import { findProgramOrFail } from "../invoke-command.ts";
import type { Shell } from "../shell.ts";
import { RESERVED_WORDS } from "../tokens.ts";

/** As `[` and the like these are the shell's own with busybox, though a file stands for them, too. */
const ALSO_BUILTIN: ReadonlySet<string> = new Set(["[", "[[", "echo", "false", "printf", "test", "true"]);

/** Functions do not count. `-v` prints what the name stands for, `-V` describes it. */
export async function runCommandBuiltin(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const options = takeOptions(words);
  const illegal = /[^pvV]/.exec(options)?.[0];
  if (illegal !== undefined) return shell.failWith(`command: line 0: illegal option -${illegal}`, 2);
  const [name] = words;
  if (name === undefined) return 0;
  if (options.includes("V")) return describe(shell, name);
  if (options.includes("v")) return printKind(shell, name);
  const builtin = shell.runner.builtins.get(name);
  return builtin === undefined ? runExternally(shell, words) : builtin(shell, words);
}

/** The letters of the options, which are taken from the words. */
function takeOptions(words: string[]): string {
  let letters = "";
  while (/^-./.test(words[0] ?? "")) {
    const word = words.shift() as string;
    if (word === "--") break;
    letters += word.slice(1);
  }
  return letters;
}

async function printKind(shell: Shell, name: string): Promise<number> {
  const isOwn = isBuiltin(shell, name) || shell.functions.has(name) || RESERVED_WORDS.has(name);
  const text = isOwn ? name : findPath(shell, name);
  if (text === undefined) return 127;
  await shell.self.writeStdout(`${text}\n`);
  return 0;
}

async function runExternally(shell: Shell, words: readonly string[]): Promise<number> {
  const program = await findProgramOrFail(shell, words, shell.self);
  if (typeof program === "number") return program;
  return shell.self.waitUntil(shell.self.spawn(program, words, { env: shell.environment }).exited);
}

export async function describeCommands(shell: Shell, [, ...names]: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) status = (await describe(shell, name)) || status;
  return status;
}

async function describe(shell: Shell, name: string): Promise<number> {
  const text = describeName(shell, name);
  await shell.self.writeStdout(`${name}${text ?? ": not found"}\n`);
  return text === undefined ? 127 : 0;
}

function describeName(shell: Shell, name: string): string | undefined {
  if (RESERVED_WORDS.has(name)) return " is a shell keyword";
  if (shell.functions.has(name)) return " is a function";
  if (isBuiltin(shell, name)) return " is a shell builtin";
  const path = findPath(shell, name);
  return path === undefined ? undefined : ` is ${path}`;
}

function isBuiltin(shell: Shell, name: string): boolean {
  return shell.runner.builtins.has(name) || ALSO_BUILTIN.has(name);
}

function findPath(shell: Shell, name: string): string | undefined {
  if (name.includes("/")) return shell.disk.peek(shell.self.resolvePath(name))?.kind === "file" ? name : undefined;
  const folders = (shell.values.get("PATH") ?? "").split(":");
  return folders.map((folder) => `${folder}/${name}`).find((path) => shell.disk.peek(path)?.kind === "file");
}
