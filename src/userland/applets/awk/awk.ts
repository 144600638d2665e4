/** `awk`: a program for lines and their fields. Without pipes and `getline`. */
import type { Process, Program } from "../../process/process.ts";
import { type Input, Inputs, linesOf } from "../inputs.ts";
import { Interpreter, type Printed } from "./interpreter.ts";
import { scriptOf } from "./parse.ts";
import { BadProgram } from "./syntax.ts";
import { read } from "./values.ts";

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
/** Where no chance is wanted: the same numbers on every run. */
const FIRST_CHANCE = 0.237788;

export const awk: Program = async (self) => {
  try {
    return await run(self, wishIn(self));
  } catch (error) {
    if (!(error instanceof BadProgram || error instanceof SyntaxError)) throw error;
    await self.complain(`awk: cmd. line:1: ${error.message}\n`);
    return 1;
  }
};

interface Wish {
  readonly program: string;
  readonly assignments: readonly string[];
  readonly words: readonly string[];
}

function wishIn(self: Process): Wish {
  const words = self.argv.slice(1);
  const assignments: string[] = [];
  let program: string | undefined;
  while (/^-[Fvf]/.test(words[0] ?? "")) {
    const option = words.shift() as string;
    const value = option.length > 2 ? option.slice(2) : (words.shift() ?? "");
    if (option[1] === "F") assignments.push(`FS=${value === "t" ? "\t" : value}`);
    else if (option[1] === "v") assignments.push(value);
    else program = self.disk.read(self.path(value)).toString("utf8");
  }
  return { program: program ?? words.shift() ?? "", assignments, words };
}

async function run(self: Process, { program, assignments, words }: Wish): Promise<number> {
  const speech = new Speech(self);
  let chance = FIRST_CHANCE;
  const random = (): number => {
    chance = (chance * 9301 + 0.49297) % 1;
    return chance;
  };
  const seconds = (): number => Number(self.time.now() / 1_000_000_000n);
  const interpreter = new Interpreter(scriptOf(program), { random, seconds });
  const environment = interpreter.memory.array("ENVIRON");
  for (const [name, value] of Object.entries(self.env)) environment.set(name, read(value));
  for (const text of assignments) assign(interpreter, text);
  const inputs = new Inputs(
    self,
    words.filter((word) => !ASSIGNMENT.test(word)),
    (name, { message }) => `awk: ${name}: ${message}\n`,
  );
  interpreter.begin();
  await speech.say(interpreter.takePrinted());
  for (const text of words) assign(interpreter, text);
  if (interpreter.hasLines) {
    if (interpreter.status === undefined) for await (const input of inputs) await lines(speech, interpreter, input);
    interpreter.end();
    await speech.say(interpreter.takePrinted());
  }
  return interpreter.status ?? (inputs.failed ? 2 : 0);
}

function assign(interpreter: Interpreter, text: string): void {
  const [, name, value = ""] = ASSIGNMENT.exec(text) ?? [];
  if (name !== undefined) interpreter.memory.set(name, read(value.replaceAll("\\t", "\t").replaceAll("\\n", "\n")));
}

async function lines(speech: Speech, interpreter: Interpreter, input: Input): Promise<void> {
  interpreter.memory.set("FILENAME", input.name === "-" ? "" : input.name);
  interpreter.memory.set("FNR", 0);
  for await (const bytes of linesOf(input)) {
    if (interpreter.status !== undefined) return;
    interpreter.line(bytes.toString("utf8").replace(/\n$/, ""));
    await speech.say(interpreter.takePrinted());
  }
}

/** A file is begun anew by the first line, and added to by those behind it. */
class Speech {
  readonly #self: Process;
  readonly #begun = new Set<string>();

  constructor(self: Process) {
    this.#self = self;
  }

  async say(printed: readonly Printed[]): Promise<void> {
    for (const { path, appends, text } of printed) {
      if (path === undefined || path === "/dev/stdout") await this.#self.print(text);
      else if (path === "/dev/stderr") await this.#self.complain(text);
      else this.#write(path, text, appends);
    }
  }

  #write(path: string, text: string, appends: boolean): void {
    const self = this.#self;
    self.disk.write(self.path(path), Buffer.from(text), { appends: appends || this.#begun.has(path) });
    this.#begun.add(path);
  }
}
