/** Simple commands: functions, what the shell does itself, and programs (POSIX, Shell Command Language, 2.9.1). */
import { FileError } from "../files/file-error.ts";
import { findProgramFor } from "../process/find-program.ts";
import type { Program, StandardStreams } from "../process/process.ts";
import { StackOverflow } from "../process/process-end.ts";
import { BadDescriptor, getStreams, redirect, type ShellStreams } from "./descriptors.ts";
import { expandText, expandWords } from "./expand.ts";
import { FunctionReturn } from "./flow.ts";
import { restoreVariables, type SavedVariable, saveVariable } from "./scoped-variables.ts";
import { DEEPEST_CALL, type Shell } from "./shell.ts";
import type { Redirection, ShellCommand, SimpleCommand } from "./syntax.ts";

/** The assignments before these stay in force (POSIX, Shell Command Language, 2.14). */
const SPECIAL_BUILTINS: ReadonlySet<string> = new Set(
  ": . source break continue eval exec exit export readonly return set shift times trap unset".split(" "),
);

export async function runSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  const before = shell.status;
  const argv = await expandWords(command.words, shell);
  const substituted = shell.status;
  const values = await expandAssignments(shell, command);
  if (shell.options.has("x")) await trace(shell, [...toPairs(values), ...argv.map(quoteWord)]);
  return withRedirects(shell, command.redirects, async (stdio) => {
    if (argv.length > 0) return invoke(shell, argv, values, stdio);
    for (const [name, value] of values) shell.assign(name, value);
    // Without a command, the status is that of the last substitution.
    return shell.status !== before || substituted !== before ? shell.status : 0;
  });
}

/** Each may refer to those before it: `A=1 B=$A`. */
async function expandAssignments(shell: Shell, { assignments }: SimpleCommand): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const saved = assignments.map(({ name }) => saveVariable(shell, name));
  for (const { name, value } of assignments) {
    const text = await expandText(value, shell);
    values.set(name, text);
    if (!shell.readonlyNames.has(name)) shell.values.set(name, text);
  }
  restoreVariables(shell, saved);
  return values;
}

/** What `set -x` shows. */
async function trace(shell: Shell, words: readonly string[]): Promise<void> {
  await shell.self.writeStderr(`${shell.values.get("PS4") ?? ""}${words.join(" ")}\n`);
}

/** In quotes where the shell would take it for something else. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./~^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** Runs with the redirections in force; one that fails is complained about, and is the status. */
export async function withRedirects(
  shell: Shell,
  redirects: readonly Redirection[],
  action: (streams: ShellStreams) => Promise<number>,
): Promise<number> {
  let streams = getStreams(shell);
  try {
    streams = await redirect(redirects, shell);
  } catch (error) {
    if (error instanceof BadDescriptor) return shell.failWith(error.message, 1);
    if (!(error instanceof FileError)) throw error;
    return shell.failWith(await formatComplaint(redirects, error, shell), 1);
  }
  return action(streams);
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
  streams: ShellStreams,
  action: () => Promise<number> | number,
  stays = false,
): Promise<number> {
  const before = getStreams(shell);
  use(shell, streams);
  try {
    return await action();
  } finally {
    if (!stays) use(shell, before);
  }
}

function use(shell: Shell, { stdin, stdout, stderr, others }: ShellStreams): void {
  const { self } = shell;
  self.stdin = stdin;
  self.stdout = stdout;
  self.stderr = stderr;
  shell.others = others;
}

async function invoke(
  shell: Shell,
  argv: readonly string[],
  values: ReadonlyMap<string, string>,
  stdio: ShellStreams,
): Promise<number> {
  const [name = "", ...words] = argv;
  for (const key of values.keys()) shell.expectWritable(key);
  const body = shell.functions.get(name);
  if (body !== undefined)
    return withVariables(shell, values, true, () => runWithin(shell, stdio, () => call(shell, body, words)));
  const builtin = shell.runner.builtins.get(name);
  if (builtin === undefined) return runProgram(shell, argv, stdio, values);
  const run = (): Promise<number> =>
    runWithin(shell, stdio, () => builtin(shell, argv), name === "exec" && words.length === 0);
  if (!SPECIAL_BUILTINS.has(name)) return withVariables(shell, values, false, run);
  for (const [key, value] of values) shell.assign(key, value);
  return run();
}

/** Runs with variables that have their old values again afterwards. */
async function withVariables(
  shell: Shell,
  values: ReadonlyMap<string, string>,
  areExported: boolean,
  run: () => Promise<number>,
): Promise<number> {
  const saved = [...values.keys()].map((key) => saveVariable(shell, key));
  for (const [key, value] of values) {
    shell.values.set(key, value);
    if (areExported) shell.exported.add(key);
  }
  try {
    return await run();
  } finally {
    restoreVariables(shell, saved);
  }
}

async function call(shell: Shell, body: ShellCommand, words: readonly string[]): Promise<number> {
  const { positional, loops } = shell;
  const frame: SavedVariable[] = [];
  if (shell.frames.length >= DEEPEST_CALL) throw new StackOverflow();
  shell.frames.push(frame);
  shell.positional = words;
  shell.loops = 0;
  try {
    return await shell.run(body);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    shell.positional = positional;
    shell.loops = loops;
    shell.frames.pop();
    restoreVariables(shell, frame);
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
  const status = await shell.self.waitUntil(child.exited);
  await shell.reportSignal(child);
  return status;
}

/** The program, or the status with which the shell complains that there is none. */
export async function findProgramOrFail(
  shell: Shell,
  argv: readonly string[],
  stdio: StandardStreams,
): Promise<Program | number> {
  shell.self.env = { ...shell.environment, PATH: shell.values.get("PATH") ?? ASH_PATH };
  const found = findProgramFor(shell.self, argv);
  if (typeof found === "function") return found;
  const isMissing = found === "not found" || found === "no such file";
  await stdio.stderr.write(Buffer.from(`${shell.name}: ${argv[0]}: ${FAILURE_TEXTS[found]}\n`));
  return isMissing ? 127 : 126;
}

/** Where ash looks without PATH (shell/ash.c, defpath). */
const ASH_PATH = "/sbin:/usr/sbin:/bin:/usr/bin";

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
