import type { Pipe } from "../../userland/process/pipe.ts";
import type { ProcessTable } from "../../userland/process/process-table.ts";
import { Terminal } from "../../userland/process/terminal.ts";
import type { Output } from "./streams/output.ts";

/** A terminal between a client and a process: what comes in is typed, what is shown is output; its keys are signals. */
export function terminalOf(table: ProcessTable, output: Output, stdin: Pipe): Terminal {
  const signal = (name: string): void => {
    for (const process of table.running) if (process.terminal === terminal) process.signal(name);
  };
  const terminal = new Terminal((bytes) => output.say("stdout", bytes), signal, { rows: 0, columns: 0 });
  void typeAll(stdin, terminal);
  return terminal;
}

async function typeAll(stdin: Pipe, terminal: Terminal): Promise<void> {
  for (let bytes = await stdin.read(); bytes !== undefined; bytes = await stdin.read()) await terminal.type(bytes);
  terminal.hangUp();
}
