/** Builtins about where a script goes on: loops, functions, other scripts, its end. */
import { FunctionReturn, LoopExit, ShellExit } from "../flow.ts";
import type { Shell } from "../shell.ts";
import { SyntaxFault } from "../syntax.ts";

const STATUS_BITS = 0xff;

export function breakLoop(shell: Shell, words: readonly string[]): number {
  return leaveLoop(shell, words, false);
}

export function continueLoop(shell: Shell, words: readonly string[]): number {
  return leaveLoop(shell, words, true);
}

/** Outside of loops it does nothing. */
function leaveLoop(shell: Shell, [name = "", levels]: readonly string[], goesOn: boolean): number {
  const count = parseNumber(name, levels ?? "1");
  if (shell.loops === 0) return 0;
  throw new LoopExit(Math.min(count, shell.loops), goesOn);
}

/** @throws SyntaxFault */
export function parseNumber(builtin: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new SyntaxFault(`${builtin}: line 0: Illegal number: ${text}`);
  return Number(text);
}

export function returnFromFunction(shell: Shell, [name = "", status]: readonly string[]): never {
  throw new FunctionReturn(status === undefined ? shell.status : parseNumber(name, status) & STATUS_BITS);
}

export function exitShell(shell: Shell, [name = "", status]: readonly string[]): never {
  throw new ShellExit((status === undefined ? shell.status : parseNumber(name, status)) & STATUS_BITS);
}

export function evaluateWords(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  return shell.evaluateScript(words.join(" "));
}

/** Words behind the file are its parameters. A name without a slash is looked for in PATH, too. */
export async function runSource(shell: Shell, [, path, ...words]: readonly string[]): Promise<number> {
  if (path === undefined) return 2;
  const text = readScript(shell, path);
  const { positional } = shell;
  if (words.length > 0) shell.positional = words;
  try {
    return await shell.evaluateScript(text);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    if (words.length > 0) shell.positional = positional;
  }
}

function readScript(shell: Shell, path: string): string {
  const folders = path.includes("/")
    ? [""]
    : [...(shell.values.get("PATH") ?? "").split(":").map((folder) => `${folder}/`), ""];
  for (const folder of folders) {
    const node = shell.disk.peek(shell.self.resolvePath(`${folder}${path}`));
    if (node?.kind === "file") return shell.disk.read(shell.self.resolvePath(`${folder}${path}`)).toString("utf8");
  }
  throw new SyntaxFault(`.: line 0: can't open '${path}': No such file or directory`);
}
