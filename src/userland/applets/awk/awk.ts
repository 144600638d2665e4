/** `awk`: a program for lines and their fields. Without pipes and `getline`. */
import type { Process, Program } from "../../process/process.ts";
import { type InputFile, Inputs, readLines } from "../inputs.ts";
import { runCommand } from "../run-command.ts";
import { compilePattern } from "../text/posix-pattern.ts";
import { type AwkEffect, AwkInterpreter } from "./interpreter.ts";
import { parseScript } from "./parse.ts";
import { BadProgram } from "./syntax.ts";
import { read } from "./values.ts";

const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
/** Where no chance is wanted: the same numbers on every run. */
const FIRST_CHANCE = 0.237788;

export const awk: Program = async (self) => {
  try {
    return await run(self, readInvocation(self));
  } catch (error) {
    if (!(error instanceof BadProgram || error instanceof SyntaxError)) throw error;
    await self.writeStderr(`awk: cmd. line:1: ${error.message}\n`);
    return 1;
  }
};

interface Wish {
  readonly program: string;
  readonly assignments: readonly string[];
  readonly words: readonly string[];
}

function readInvocation(self: Process): Wish {
  const words = self.argv.slice(1);
  const assignments: string[] = [];
  let program: string | undefined;
  while (/^-[Fvf]/.test(words[0] ?? "")) {
    const option = words.shift() as string;
    const value = option.length > 2 ? option.slice(2) : (words.shift() ?? "");
    if (option[1] === "F") assignments.push(`FS=${value === "t" ? "\t" : value}`);
    else if (option[1] === "v") assignments.push(value);
    else program = self.disk.read(self.resolvePath(value)).toString("utf8");
  }
  return { program: program ?? words.shift() ?? "", assignments, words };
}

async function run(self: Process, { program, assignments, words }: Wish): Promise<number> {
  const speech = new Speech(self);
  let chance = FIRST_CHANCE;
  const createRandom = (): number => {
    chance = (chance * 9301 + 0.49297) % 1;
    return chance;
  };
  const createClock = (): number => Number(self.time.now() / 1_000_000_000n);
  const interpreter = new AwkInterpreter(parseScript(program), { random: createRandom, seconds: createClock });
  const environment = interpreter.memory.getArray("ENVIRON");
  for (const [name, value] of Object.entries(self.env)) environment.set(name, read(value));
  for (const text of assignments) assign(interpreter, text);
  for (const [at, word] of ["awk", ...words].entries()) interpreter.memory.getArray("ARGV").set(String(at), read(word));
  interpreter.memory.set("ARGC", words.length + 1);
  const inputs = new Inputs(
    self,
    words.filter((word) => !ASSIGNMENT.test(word)),
    (name, { message }) => `awk: ${name}: ${message}\n`,
  );
  interpreter.begin();
  await speech.say(interpreter.takePrinted());
  for (const text of words) assign(interpreter, text);
  if (interpreter.hasLines) {
    if (interpreter.status === undefined)
      for await (const input of inputs) await readRecords(speech, interpreter, input);
    interpreter.end();
    await speech.say(interpreter.takePrinted());
  }
  return interpreter.status ?? (inputs.failed ? 2 : 0);
}

function assign(interpreter: AwkInterpreter, text: string): void {
  const [, name, value = ""] = ASSIGNMENT.exec(text) ?? [];
  if (name !== undefined) interpreter.memory.set(name, read(value.replaceAll("\\t", "\t").replaceAll("\\n", "\n")));
}

async function readRecords(speech: Speech, interpreter: AwkInterpreter, input: InputFile): Promise<void> {
  interpreter.memory.set("FILENAME", input.name === "-" ? "" : input.name);
  interpreter.memory.set("FNR", 0);
  for await (const record of readSeparated(input, interpreter.memory.getText("RS"))) {
    if (interpreter.status !== undefined) return;
    interpreter.runLine(record);
    await speech.say(interpreter.takePrinted());
  }
}

/** Records up to a newline, to a letter, to what an expression finds, or, where `RS` is empty, to empty lines. */
async function* readSeparated(input: InputFile, separator: string): AsyncGenerator<string> {
  if (separator === "\n") {
    for await (const bytes of readLines(input)) yield bytes.toString("utf8").replace(/\n$/, "");
    return;
  }
  const pieces: Buffer[] = [];
  for await (const bytes of readLines(input)) pieces.push(Buffer.from(bytes));
  const text = Buffer.concat(pieces).toString("utf8").replace(/\n$/, "");
  if (text === "") return;
  const isLetter = separator.length === 1;
  if (separator === "") yield* text.replace(/^\n+|\n+$/g, "").split(/\n\n+/);
  else yield* dropLastEmpty(text.split(isLetter ? separator : compilePattern(separator, true)));
}

/** What ends with a separator has no record behind it. */
function dropLastEmpty(records: readonly string[]): readonly string[] {
  return records.at(-1) === "" ? records.slice(0, -1) : records;
}

/** A file is begun anew by the first line, and added to by those behind it. */
class Speech {
  readonly #self: Process;
  readonly #begun = new Set<string>();

  constructor(self: Process) {
    this.#self = self;
  }

  async say(printed: readonly AwkEffect[]): Promise<void> {
    for (const output of printed) {
      if (output.kind === "command") {
        await runCommand(this.#self, ["sh", "-c", output.command]);
        continue;
      }
      const { path, appends, text } = output;
      if (path === undefined || path === "/dev/stdout") await this.#self.writeStdout(text);
      else if (path === "/dev/stderr") await this.#self.writeStderr(text);
      else this.#write(path, text, appends);
    }
  }

  #write(path: string, text: string, appends: boolean): void {
    const self = this.#self;
    self.disk.write(self.resolvePath(path), Buffer.from(text), { appends: appends || this.#begun.has(path) });
    this.#begun.add(path);
  }
}
