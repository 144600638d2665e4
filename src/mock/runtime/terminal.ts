/** Connects the standard streams of a process, with or without a terminal. */
import { nowhere, type Pipe } from "../../userland/process/pipe.ts";
import type { StandardStreams } from "../../userland/process/process.ts";
import type { ProcessTable } from "../../userland/process/process-table.ts";
import { TerminalDevice } from "../../userland/process/terminal.ts";
import type { OutputBroadcast } from "./streams/output-broadcast.ts";

/** Connects a terminal: it types what arrives at `stdin`, shows on `output`, and turns keys into signals. */
export function createTerminal(table: ProcessTable, output: OutputBroadcast, stdin: Pipe): TerminalDevice {
  const signal = (name: string): void => {
    for (const process of table.running) if (process.terminal === terminal) process.signal(name);
  };
  const terminal = new TerminalDevice((bytes) => output.write("stdout", bytes), signal, { rows: 0, columns: 0 });
  void typeAll(stdin, terminal);
  return terminal;
}

async function typeAll(stdin: Pipe, terminal: TerminalDevice): Promise<void> {
  for (let bytes = await stdin.read(); bytes !== undefined; bytes = await stdin.read()) await terminal.type(bytes);
  terminal.hangUp();
}

/** Where a process without a terminal reads and writes. */
export interface StreamTargets {
  readonly output: OutputBroadcast;
  readonly stdin: Pipe;
  /** Without it, the process finds the end of its input at once. */
  readonly opensStdin: boolean;
}

export function createStandardStreams(
  terminal: TerminalDevice | undefined,
  { output, stdin, opensStdin }: StreamTargets,
): StandardStreams {
  if (terminal !== undefined) return { stdin: terminal.source, stdout: terminal.output, stderr: terminal.output };
  return {
    stdin: opensStdin ? stdin : nowhere,
    stdout: output.createSink("stdout"),
    stderr: output.createSink("stderr"),
  };
}
