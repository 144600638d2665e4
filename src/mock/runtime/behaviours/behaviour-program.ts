/** Turns a behaviour into a program. */
import type { Process, Program } from "../../../userland/process/process.ts";
import { OutOfMemory, ProcessEnd } from "../../../userland/process/process-end.ts";
import { createActor, readLines, writeFile } from "./actor.ts";
import type { Behaviour, BehaviourFunction, BehaviourStep } from "./behaviour.ts";
import { findAnswer } from "./find-answer.ts";

/** Undefined for a behaviour that leaves the program as it is. */
export function createProgram(behaviour: Behaviour): Program | undefined {
  const { does, stays, exit } = behaviour;
  if (typeof does === "function") return (self) => runFunction(self, does);
  if (does === undefined && stays === undefined && exit === undefined) return undefined;
  return (self) => runScript(self, behaviour, does ?? []);
}

/** A signal that ends the process also ends what the function waits for. */
async function runFunction(self: Process, does: BehaviourFunction): Promise<number> {
  const status = await self.waitUntil(Promise.resolve(does(createActor(self))));
  return status ?? 0;
}

async function runScript(
  self: Process,
  { exit = 0, stays, signals = {} }: Behaviour,
  steps: readonly BehaviourStep[],
): Promise<number> {
  const stop = waitForSignal(self, { TERM: 0, INT: 0, QUIT: 0, ...signals });
  const script = runSteps(self, steps).then(() => (stays === true ? stop : toStatus(exit)));
  return self.waitUntil(Promise.race([stop, script]));
}

function toStatus(exit: number | "oom"): number {
  if (exit === "oom") throw new OutOfMemory();
  return exit;
}

/** Resolves with the exit code of the signal that ends the script. */
function waitForSignal(self: Process, signals: Readonly<Record<string, number | "ignore">>): Promise<number> {
  return new Promise((resolve) => {
    for (const [name, what] of Object.entries(signals)) {
      self.onSignal(name, () => (what === "ignore" ? undefined : resolve(what)));
    }
  });
}

async function runSteps(self: Process, steps: readonly BehaviourStep[]): Promise<void> {
  for (const step of steps) {
    if (!self.isRunning) return;
    await runStep(self, step);
  }
}

async function runStep(self: Process, step: BehaviourStep): Promise<void> {
  if (typeof step === "string") await self.writeStdout(`${step}\n`);
  else if ("stdout" in step) await self.writeStdout(step.stdout);
  else if ("stderr" in step) await self.writeStderr(step.stderr);
  else if ("waitMs" in step) await self.sleep(step.waitMs);
  else if ("stdin" in step) await waitForLine(self, step.stdin);
  else if ("answers" in step) await answerLines(self, step.answers);
  else
    for (const [path, text] of Object.entries(step.writes)) writeFile(self, self.resolvePath(path), Buffer.from(text));
}

/** @throws ProcessEnd if the input ends before the line */
async function waitForLine(self: Process, expected: string): Promise<void> {
  for (;;) {
    const line = await readLine(self);
    if (line === undefined) throw new ProcessEnd(1);
    if (line === expected) return;
  }
}

/** Reads one line and no byte more: the rest belongs to the next step. */
async function readLine(self: Process): Promise<string | undefined> {
  let text = Buffer.alloc(0);
  for (;;) {
    const bytes = await self.read();
    if (bytes === undefined) return text.length === 0 ? undefined : text.toString("utf8");
    const end = bytes.indexOf(0x0a);
    if (end === -1) text = Buffer.concat([text, bytes]);
    else {
      if (end + 1 < bytes.length) self.stdin.putBack(bytes.subarray(end + 1));
      return Buffer.concat([text, bytes.subarray(0, end)])
        .toString("utf8")
        .replace(/\r$/, "");
    }
  }
}

async function answerLines(self: Process, answers: Parameters<typeof findAnswer>[0]): Promise<void> {
  for await (const line of readLines(self)) {
    const answer = findAnswer(answers, line);
    if (answer !== undefined) await self.writeStdout(`${answer}\n`);
  }
}
