/** A behaviour as a program. */
import { OutOfMemory, type Process, ProcessEnd, type Program } from "../../../userland/process/process.ts";
import { actorOf, linesOf, writeFile } from "./actor.ts";
import { answerTo } from "./answers.ts";
import type { Act, Behaviour, Step } from "./behaviour.ts";

/** Undefined where the behaviour leaves it to the world what is run. */
export function programOf(behaviour: Behaviour): Program | undefined {
  const { does, stays, exit } = behaviour;
  if (typeof does === "function") return (self) => act(self, does);
  if (does === undefined && stays === undefined && exit === undefined) return undefined;
  return (self) => play(self, behaviour, does ?? []);
}

/** Whatever the function waits for, a signal that ends the process ends the wait. */
async function act(self: Process, does: Act): Promise<number> {
  const status = await self.until(Promise.resolve(does(actorOf(self))));
  return status ?? 0;
}

async function play(
  self: Process,
  { exit = 0, stays, signals = {} }: Behaviour,
  steps: readonly Step[],
): Promise<number> {
  const stopped = listen(self, { TERM: 0, INT: 0, QUIT: 0, ...signals });
  const script = run(self, steps).then(() => (stays === true ? stopped : ended(exit)));
  return self.until(Promise.race([stopped, script]));
}

function ended(exit: number | "oom"): number {
  if (exit === "oom") throw new OutOfMemory();
  return exit;
}

/** Resolves with the exit code of the signal that ends it. */
function listen(self: Process, signals: Readonly<Record<string, number | "ignore">>): Promise<number> {
  return new Promise((resolve) => {
    for (const [name, what] of Object.entries(signals)) {
      self.onSignal(name, () => (what === "ignore" ? undefined : resolve(what)));
    }
  });
}

async function run(self: Process, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (!self.isRunning) return;
    await take(self, step);
  }
}

async function take(self: Process, step: Step): Promise<void> {
  if (typeof step === "string") await self.print(`${step}\n`);
  else if ("stdout" in step) await self.print(step.stdout);
  else if ("stderr" in step) await self.complain(step.stderr);
  else if ("waitMs" in step) await self.sleep(step.waitMs);
  else if ("stdin" in step) await hear(self, step.stdin);
  else if ("answers" in step) await converse(self, step.answers);
  else for (const [path, text] of Object.entries(step.writes)) writeFile(self, self.path(path), Buffer.from(text));
}

/** @throws ProcessEnd where the input ends without it */
async function hear(self: Process, wanted: string): Promise<void> {
  for (;;) {
    const line = await readLine(self);
    if (line === undefined) throw new ProcessEnd(1);
    if (line === wanted) return;
  }
}

/** One line, and no byte more: what follows is the next step's. */
async function readLine(self: Process): Promise<string | undefined> {
  let text = Buffer.alloc(0);
  for (;;) {
    const bytes = await self.read();
    if (bytes === undefined) return text.length === 0 ? undefined : text.toString("utf8");
    const end = bytes.indexOf(0x0a);
    if (end === -1) text = Buffer.concat([text, bytes]);
    else {
      if (end + 1 < bytes.length) self.stdin.unread(bytes.subarray(end + 1));
      return Buffer.concat([text, bytes.subarray(0, end)])
        .toString("utf8")
        .replace(/\r$/, "");
    }
  }
}

async function converse(self: Process, answers: Parameters<typeof answerTo>[0]): Promise<void> {
  for await (const line of linesOf(self)) {
    const answer = answerTo(answers, line);
    if (answer !== undefined) await self.print(`${answer}\n`);
  }
}
