/** Simple commands: functions, what the shell does itself, and programs (POSIX, Shell Command Language, 2.9.1). */
import { FileError } from "../files/file-error.ts";
import { findProgramFor } from "../process/find-program.ts";
import type { Program, StandardStreams } from "../process/process.ts";
import { redirect } from "./descriptors.ts";
import { expandText, expandWords } from "./expand.ts";
import { FunctionReturn } from "./flow.ts";
import type { Shell } from "./shell.ts";
import type { Redirection, ShellCommand, SimpleCommand } from "./syntax.ts";

export async function runSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  const before = shell.status;
  const argv = await expandWords(command.words, shell);
  const substituted = shell.status;
  const values = new Map<string, string>();
  for (const { name, value } of command.assignments) values.set(name, await expandText(value, shell));
  if (shell.options.has("x")) await shell.self.writeStderr(`+ ${[...toPairs(values), ...argv].join(" ")}\n`);
  return withRedirects(shell, command.redirects, async (stdio) => {
    if (argv.length > 0) return invoke(shell, argv, values, stdio);
    for (const [name, value] of values) shell.assign(name, value);
    // Without a command, the status is that of the last substitution.
    return shell.status !== before || substituted !== before ? shell.status : 0;
  });
}

/** Runs with the redirections in force; one that fails is complained about, and is the status. */
export async function withRedirects(
  shell: Shell,
  redirects: readonly Redirection[],
  action: (stdio: StandardStreams) => Promise<number>,
): Promise<number> {
  let stdio: StandardStreams = shell.self;
  try {
    stdio = await redirect(shell.self, redirects, shell, shell.self);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return shell.failWith(await formatComplaint(redirects, error, shell), 1);
  }
  return action(stdio);
}

async function formatComplaint(redirects: readonly Redirection[], error: FileError, shell: Shell): Promise<string> {
  const last = redirects.at(-1);
  const path = last === undefined ? "" : await expandText(last.target, shell);
  if (last?.operator === "<") return `can't open ${path}: ${error.code === "ENOENT" ? "no such file" : error.message}`;
  return `can't create ${path}: ${error.code === "ENOENT" ? "nonexistent directory" : error.message}`;
}

/** Runs `action` with other descriptors, and puts the old ones back unless they are to stay. */
export async function runWithin(
  shell: Shell,
  stdio: StandardStreams,
  action: () => Promise<number> | number,
  stays = false,
): Promise<number> {
  const { self } = shell;
  const { stdin, stdout, stderr } = self;
  use(shell, stdio);
  try {
    return await action();
  } finally {
    if (!stays) use(shell, { stdin, stdout, stderr });
  }
}

function use({ self }: Shell, { stdin, stdout, stderr }: StandardStreams): void {
  self.stdin = stdin;
  self.stdout = stdout;
  self.stderr = stderr;
}

async function invoke(
  shell: Shell,
  argv: readonly string[],
  values: ReadonlyMap<string, string>,
  stdio: StandardStreams,
): Promise<number> {
  const [name = "", ...words] = argv;
  const body = shell.functions.get(name);
  if (body !== undefined) return runWithin(shell, stdio, () => call(shell, body, words));
  const builtin = shell.runner.builtins.get(name);
  if (builtin === undefined) return runProgram(shell, argv, stdio, values);
  for (const [key, value] of values) shell.values.set(key, value);
  return runWithin(shell, stdio, () => builtin(shell, argv), name === "exec" && words.length === 0);
}

async function call(shell: Shell, body: ShellCommand, words: readonly string[]): Promise<number> {
  const { positional } = shell;
  shell.positional = words;
  try {
    return await shell.run(body);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    shell.positional = positional;
  }
}

/** Runs a program as a child and waits for it. */
async function runProgram(
  shell: Shell,
  argv: readonly string[],
  { stdin, stdout, stderr }: StandardStreams,
  values: ReadonlyMap<string, string>,
): Promise<number> {
  const program = await findProgramOrFail(shell, argv, { stdin, stdout, stderr });
  if (typeof program === "number") return program;
  const env = { ...shell.environment, ...Object.fromEntries(values) };
  const child = shell.self.spawn(program, argv, { stdin, stdout, stderr, env, cwd: shell.self.cwd });
  return shell.self.waitUntil(child.exited);
}

/** The program, or the status with which the shell complains that there is none. */
export async function findProgramOrFail(
  shell: Shell,
  argv: readonly string[],
  stdio: StandardStreams,
): Promise<Program | number> {
  shell.self.env = { ...shell.environment, PATH: shell.values.get("PATH") ?? "" };
  const found = findProgramFor(shell.self, argv);
  if (typeof found === "function") return found;
  const isMissing = found === "not found" || found === "no such file";
  await stdio.stderr.write(Buffer.from(`${shell.name}: ${argv[0]}: ${FAILURE_TEXTS[found]}\n`));
  return isMissing ? 127 : 126;
}

const FAILURE_TEXTS = {
  "not found": "not found",
  "no such file": "not found",
  "is a directory": "Permission denied",
  "permission denied": "Permission denied",
  "not simulated": "whalesong's mock has no program that stands for this file",
} as const;

function toPairs(values: ReadonlyMap<string, string>): string[] {
  return [...values].map(([name, value]) => `${name}=${value}`);
}
