/** How each kind of command is run (POSIX, Shell Command Language, 2.9.2 to 2.9.5). */
import { Pipe } from "../process/pipe.ts";
import type { Process } from "../process/process.ts";
import { expandPattern, expandText, expandWords } from "./expand.ts";
import { LoopExit } from "./flow.ts";
import { runSimple, runWithin, withRedirects } from "./invoke-command.ts";
import { isPatternMatch } from "./pattern.ts";
import type { Shell } from "./shell.ts";
import type { CommandList, IfClause, ShellCommand } from "./syntax.ts";

type Kind<K extends ShellCommand["kind"]> = Extract<ShellCommand, { kind: K }>;

export function runCommand(shell: Shell, command: ShellCommand): Promise<number> {
  switch (command.kind) {
    case "simple":
      return runSimple(shell, command);
    case "list":
      return shell.list(command);
    case "pipeline":
      return runPipeline(shell, command);
    case "and":
    case "or":
      return runAndOr(shell, command);
    case "if":
      return runChoice(shell, command);
    case "loop":
      return loop(shell, command);
    case "for":
      return runForLoop(shell, command);
    case "case":
      return match(shell, command);
    case "subshell":
      return shell.self.waitUntil(shell.fork((child) => child.list(command.body)).exited);
    case "redirected":
      return withRedirects(shell, command.redirects, (stdio) =>
        runWithin(shell, stdio, () => shell.run(command.command)),
      );
    case "function":
      shell.functions.set(command.name, command.body);
      return Promise.resolve(0);
  }
}

/** Runs each command in a subshell. A command that stops reading ends the one that writes to it (SIGPIPE). */
async function runPipeline(shell: Shell, { commands, isNegated }: Kind<"pipeline">): Promise<number> {
  const children: Process[] = [];
  let stdin = shell.self.stdin;
  for (const [index, command] of commands.entries()) {
    const pipe = index < commands.length - 1 ? new Pipe() : undefined;
    const from = stdin;
    const child = shell.fork((inner) => inner.run(command), { stdin, ...(pipe === undefined ? {} : { stdout: pipe }) });
    void child.exited.then(() => {
      pipe?.end();
      if (index > 0) from.abandon();
    });
    children.push(child);
    if (pipe !== undefined) stdin = pipe;
  }
  let status = 0;
  for (const child of children) {
    const one = await shell.self.waitUntil(child.exited);
    status = one === 0 && shell.options.has("pipefail") ? status : one;
  }
  return isNegated ? Number(status === 0) : status;
}

async function runAndOr(shell: Shell, { kind, left, right }: Kind<"and" | "or">): Promise<number> {
  const status = await runCondition(shell, () => shell.run(left));
  return (status === 0) === (kind === "and") ? shell.run(right) : status;
}

async function runChoice(shell: Shell, { clauses, otherwise }: Kind<"if">): Promise<number> {
  for (const clause of clauses) {
    if ((await runCondition(shell, () => shell.list(clause.condition))) === 0) return runBody(shell, clause.body);
  }
  return otherwise === undefined ? 0 : runBody(shell, otherwise);
}

function runBody(shell: Shell, list: CommandList): Promise<number> {
  shell.status = 0;
  return shell.list(list);
}

async function runCondition(shell: Shell, test: () => Promise<number>): Promise<number> {
  shell.conditions += 1;
  try {
    return await test();
  } finally {
    shell.conditions -= 1;
  }
}

async function loop(shell: Shell, command: IfClause & { readonly isUntil: boolean }): Promise<number> {
  let status = 0;
  const isOver = async (): Promise<boolean> => {
    const condition = await runCondition(shell, () => shell.list(command.condition));
    return (condition === 0) === command.isUntil;
  };
  return withinLoop(shell, async () => {
    for (;;) {
      let isLast = false;
      const goesOn = await pass(shell, async () => {
        isLast = await isOver();
        if (!isLast) await shell.list(command.body);
      });
      if (isLast) return status;
      if (!goesOn) return shell.status;
      status = shell.status;
      await shell.turn();
    }
  });
}

async function runForLoop(shell: Shell, command: Kind<"for">): Promise<number> {
  const values = command.words === undefined ? shell.positional : await expandWords(command.words, shell);
  shell.status = 0;
  return withinLoop(shell, async () => {
    for (const value of values) {
      shell.assign(command.name, value);
      if (!(await pass(shell, () => shell.list(command.body)))) break;
    }
    return shell.status;
  });
}

async function withinLoop(shell: Shell, run: () => Promise<number>): Promise<number> {
  shell.loops += 1;
  try {
    return await run();
  } finally {
    shell.loops -= 1;
  }
}

/** One turn of a loop; false where it was the last. */
async function pass(shell: Shell, turn: () => Promise<unknown>): Promise<boolean> {
  try {
    await turn();
    return true;
  } catch (error) {
    if (!(error instanceof LoopExit)) throw error;
    shell.status = 0;
    error.levels -= 1;
    if (error.levels > 0) throw error;
    return error.goesOn;
  }
}

async function match(shell: Shell, { subject, arms }: Kind<"case">): Promise<number> {
  const text = await expandText(subject, shell);
  for (const arm of arms) {
    for (const pattern of arm.patterns) {
      if (isPatternMatch(text, await expandPattern(pattern, shell))) return runBody(shell, arm.body);
    }
  }
  return 0;
}
