/** What a shell does itself, because it changes the shell (POSIX, Shell Command Language, 2.14). */
import { formatUmask, parseMode } from "../files/parse-mode.ts";
import { resolvePath } from "../files/path.ts";
import { ProcessEnd } from "../process/process.ts";
import { parseSignal, toSignalName } from "../process/signals.ts";
import { evaluate } from "./arithmetic.ts";
import { expandText } from "./expand.ts";
import { FunctionReturn, LoopExit, ShellExit } from "./flow.ts";
import { findProgramOrFail } from "./invoke-command.ts";
import { readQuoted } from "./read-word.ts";
import type { Shell, ShellBuiltin } from "./shell.ts";
import { SyntaxFault } from "./syntax.ts";

export const BUILTINS: ReadonlyMap<string, ShellBuiltin> = new Map<string, ShellBuiltin>([
  [":", () => 0],
  [".", runSource],
  ["source", runSource],
  ["break", (_, [, levels]) => leaveLoop(levels, false)],
  ["continue", (_, [, levels]) => leaveLoop(levels, true)],
  ["cd", changeFolder],
  ["command", (shell, [, ...words]) => runCommandBuiltin(shell, words)],
  ["type", describeCommands],
  ["eval", (shell, [, ...words]) => shell.runScript(words.join(" "))],
  ["exec", runExec],
  ["exit", (shell, [, status]) => exitShell(shell, status)],
  ["export", assignNames],
  ["readonly", assignNames],
  ["local", assignNames],
  ["read", readVariables],
  [
    "return",
    (shell, [, status]) => {
      throw new FunctionReturn(Number(status ?? shell.status));
    },
  ],
  ["set", setOptions],
  [
    "shift",
    (shell, [, count]) => {
      shell.positional = shell.positional.slice(Number(count ?? 1));
      return 0;
    },
  ],
  ["times", () => 0],
  ["trap", setTraps],
  ["let", (shell, [, ...words]) => evaluateLet(shell, words)],
  ["umask", changeUmask],
  ["ulimit", printLimit],
  [
    "unset",
    (shell, [, ...names]) => {
      for (const name of names) if (!shell.values.delete(name)) shell.functions.delete(name);
      return 0;
    },
  ],
  ["wait", waitForJobs],
  ["kill", killProcesses],
]);

function leaveLoop(levels: string | undefined, goesOn: boolean): never {
  throw new LoopExit(Number(levels ?? 1), goesOn);
}

function exitShell(shell: Shell, status: string | undefined): never {
  if (status !== undefined && !/^\d+$/.test(status)) throw new SyntaxFault(`exit: line 0: Illegal number: ${status}`);
  throw new ShellExit(Number(status ?? shell.status) & 0xff);
}

async function runSource(shell: Shell, [, path = ""]: readonly string[]): Promise<number> {
  const node = shell.disk.peek(shell.self.resolvePath(path));
  if (node?.kind !== "file") throw new SyntaxFault(`.: line 0: can't open '${path}': No such file or directory`);
  return shell.runScript(node.content.toString("utf8"));
}

async function changeFolder(shell: Shell, [, word]: readonly string[]): Promise<number> {
  const target = word === "-" ? shell.values.get("OLDPWD") : (word ?? shell.readParameter("HOME") ?? "/");
  const path = resolvePath(target ?? "/", shell.cwd);
  const node = shell.disk.peek(path);
  if (node?.kind !== "directory")
    return shell.failWith(`cd: line 0: can't cd to ${target}: No such file or directory`, 2);
  shell.values.set("OLDPWD", shell.cwd);
  shell.values.set("PWD", path);
  shell.self.cwd = path;
  return 0;
}

async function runCommandBuiltin(shell: Shell, words: readonly string[]): Promise<number> {
  const [first = "", ...rest] = words;
  if (first !== "-v") return shell.runner.builtins.has(first) || first === "" ? 0 : runExternally(shell, words);
  const [name = ""] = rest;
  if (shell.runner.builtins.has(name) || shell.functions.has(name)) return printLine(shell, name);
  const path = findPath(shell, name);
  return path === undefined ? 127 : printLine(shell, path);
}

async function printLine(shell: Shell, text: string): Promise<number> {
  await shell.self.writeStdout(`${text}\n`);
  return 0;
}

async function runExternally(shell: Shell, words: readonly string[]): Promise<number> {
  const program = await findProgramOrFail(shell, words, shell.self);
  if (typeof program === "number") return program;
  return shell.self.waitUntil(shell.self.spawn(program, words, { env: shell.environment }).exited);
}

/** Becomes another program: the process stays, and the shell is over. */
async function runExec(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  if (words.length === 0) return 0;
  const program = await findProgramOrFail(shell, words, shell.self);
  if (typeof program === "number") throw new ShellExit(program);
  return replaceShell(shell, words, program);
}

export async function replaceShell(
  shell: Shell,
  argv: readonly string[],
  program: (self: Shell["self"]) => Promise<number> | number,
): Promise<never> {
  const { self } = shell;
  for (const name of shell.traps.keys()) self.onSignal(name, undefined);
  shell.traps.clear();
  self.argv = argv;
  self.env = shell.environment;
  throw new ProcessEnd(await program(self));
}

async function assignNames(shell: Shell, [name = "", ...words]: readonly string[]): Promise<number> {
  if (words.length === 0 || words[0] === "-p") {
    for (const [key, value] of Object.entries(shell.environment))
      await shell.self.writeStdout(`${name} ${key}='${value}'\n`);
  }
  for (const word of words) {
    const equals = word.indexOf("=");
    const key = equals === -1 ? word : word.slice(0, equals);
    if (equals !== -1) shell.assign(key, word.slice(equals + 1));
    if (name === "readonly") shell.readonlyNames.add(key);
    if (name === "export") shell.exported.add(key);
  }
  return 0;
}

async function setOptions(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  for (const [index, word] of words.entries()) {
    if (word === "--" || !/^[-+]/.test(word)) {
      shell.positional = words.slice(word === "--" ? index + 1 : index);
      break;
    }
    if (word === "-o" || word === "+o") {
      shell.options[word === "-o" ? "add" : "delete"](words[index + 1] ?? "");
      break;
    }
    for (const letter of word.slice(1)) shell.options[word.startsWith("-") ? "add" : "delete"](letter);
  }
  return 0;
}

/** One line, byte by byte as a real shell reads it: what follows is left for others. */
async function readVariables(shell: Shell, words: readonly string[]): Promise<number> {
  const isRaw = words.includes("-r");
  const names = words.slice(1).filter((word) => !word.startsWith("-"));
  const line = await readLine(shell);
  const text = isRaw ? line.text : line.text.replace(/\\(.)/g, "$1");
  const parts = text.trim().split(/[ \t]+/);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    shell.values.set(name, (isLast ? parts.slice(index).join(" ") : parts[index]) ?? "");
  }
  return line.isWhole ? 0 : 1;
}

async function readLine({ self }: Shell): Promise<{ text: string; isWhole: boolean }> {
  let held = Buffer.alloc(0);
  for (;;) {
    const bytes = await self.read();
    if (bytes === undefined) return { text: held.toString("utf8"), isWhole: false };
    held = Buffer.concat([held, bytes]);
    const end = held.indexOf(0x0a);
    if (end === -1) continue;
    if (end + 1 < held.length) self.stdin.putBack(held.subarray(end + 1));
    return { text: held.toString("utf8", 0, end), isWhole: true };
  }
}

async function setTraps(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const [action = "", ...signals] = words[0] === "--" ? words.slice(1) : words;
  const isReset = action === "-" || signals.length === 0;
  for (const word of signals.length === 0 ? [action] : signals) {
    const name = word === "EXIT" || word === "0" ? "EXIT" : toSignalName(parseSignal(word) ?? 0);
    if (isReset) shell.traps.delete(name);
    else shell.traps.set(name, action);
    if (name !== "EXIT") shell.self.onSignal(name, isReset ? undefined : () => shell.noteSignal(name));
  }
  return 0;
}

async function waitForJobs(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const jobs = words.map((word) => shell.jobs.find(({ pid }) => String(pid) === word));
  let status = 0;
  for (const job of words.length === 0 ? [...shell.jobs] : jobs) {
    status = job === undefined ? 127 : await shell.waitFor(job);
  }
  return words.length === 0 && status <= 128 ? 0 : status;
}

async function killProcesses(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  if (words[0] === "-l" && words[1] !== undefined) return printLine(shell, formatSignal(words[1]));
  const isNamed = words[0]?.startsWith("-") === true;
  const word = words[0] === "-s" ? (words[1] ?? "") : isNamed ? (words[0] as string).slice(1) : "TERM";
  const signal = word === "0" ? 0 : parseSignal(word);
  if (signal === undefined) return shell.failWith(`kill: bad signal name '${word}'`, 1);
  let status = 0;
  for (const pid of words.slice(words[0] === "-s" ? 2 : isNamed ? 1 : 0)) {
    const target = shell.self.table.find(Number(pid));
    if (target === undefined) status = await shell.failWith(`can't kill pid ${pid}: No such process`, 1);
    else if (signal > 0 && !(target.pid === 1 && signal === 9)) target.signal(toSignalName(signal));
  }
  return status;
}

/** The umask in octal digits, or as permissions with `-S`; or a new one, in one of these forms. */
function changeUmask(shell: Shell, [, ...words]: readonly string[]): Promise<number> | number {
  const { self } = shell;
  const option = words.find((word) => /^-[^S]/.test(word));
  if (option !== undefined) return shell.failWith(`umask: line 0: illegal option ${option}`, 2);
  const isSymbolic = words.includes("-S");
  const text = words.find((word) => word !== "-S");
  if (text === undefined) return printLine(shell, isSymbolic ? formatUmask(self.umask) : formatOctal(self.umask));
  const mode = parseMode(text, { mode: 0o777 & ~self.umask, isFolder: true, umask: self.umask });
  const umask = /^\d/.test(text) ? mode : mode === undefined ? undefined : 0o777 & ~mode;
  if (umask === undefined || umask > 0o777) return shell.failWith(`umask: line 0: illegal mode: ${text}`, 2);
  self.umask = umask;
  return 0;
}

function formatOctal(umask: number): string {
  return umask.toString(8).padStart(4, "0");
}

/** Tells how many files may be open; sets nothing. */
async function printLimit({ self, disk }: Shell, [, option, value]: readonly string[]): Promise<number> {
  const node = disk.peek("/proc/self/limits");
  const limits = node?.kind === "file" ? node.content.toString("latin1") : "";
  const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
  if (option === "-n" && value === undefined) await self.writeStdout(`${soft ?? "unlimited"}\n`);
  return 0;
}

/** The name of a number, or of the exit status that the signal leaves; the number of a name. */
function formatSignal(word: string): string {
  return /^\d+$/.test(word) ? toSignalName(Number(word) & 0x7f) : String(parseSignal(word) ?? word);
}

/** As `[` and its kin these are the shell's own with busybox, though a file stands for them, too. */
const ALSO_BUILTIN: ReadonlySet<string> = new Set(["[", "[[", "echo", "false", "printf", "test", "true"]);

async function describeCommands(shell: Shell, [, ...names]: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const path = findPath(shell, name);
    const isOwn = shell.runner.builtins.has(name) || ALSO_BUILTIN.has(name);
    if (shell.functions.has(name)) await printLine(shell, `${name} is a function`);
    else if (isOwn) await printLine(shell, `${name} is a shell builtin`);
    else if (path !== undefined) await printLine(shell, `${name} is ${path}`);
    else {
      await printLine(shell, `${name}: not found`);
      status = 127;
    }
  }
  return status;
}

function findPath(shell: Shell, name: string): string | undefined {
  const folders = (shell.values.get("PATH") ?? "").split(":");
  return folders.map((folder) => `${folder}/${name}`).find((path) => shell.disk.peek(path)?.kind === "file");
}

function evaluateLet(shell: Shell, words: readonly string[]): number {
  let value = 0;
  for (const word of words) value = evaluate(word, shell.variables);
  return Number(value === 0);
}

/** A prompt, with its parameters. */
export function prompt(shell: Shell): Promise<string> {
  const written = shell.values.get("PS1") ?? "\\w \\$ ";
  const home = shell.values.get("HOME");
  const place = home !== undefined && home !== "/" && shell.cwd === home ? "~" : shell.cwd;
  const text = written
    .replaceAll("\\w", place)
    .replaceAll("\\h", shell.self.table.hostname)
    .replaceAll("\\u", shell.self.user.name)
    .replaceAll("\\$", shell.self.user.uid === 0 ? "#" : "$");
  return expandText(readQuoted(text), shell);
}
