/** Finds the program of an executable file. */

import { APPLETS } from "../../userland/applets/table.ts";
import { toBaseName } from "../../userland/files/path.ts";
import type { Program, ProgramTable } from "../../userland/process/process.ts";
import { HELLO_WORLD, printGreeting } from "./hello-world.ts";
import { serveUntilSignal } from "./serve-until-signal.ts";

/** The first bytes of whalesong's own executables. The program's name follows, up to the line end. */
const MAGIC = "\x7fwhalesong ";
/** The name of `serveUntilSignal`. */
const SERVER = "server";
const ELF = Buffer.from("\x7fELF", "latin1");

/** The content of an executable that runs the program `name`. */
export function createExecutable(name: string): Buffer {
  return Buffer.from(`${MAGIC}${name}\n`, "latin1");
}

/**
 * Finds whalesong's own executables by the name in the file, and real ones (ELF) by the name they are called by, if
 * busybox has a command of that name.
 */
export function createBuiltinPrograms(): ProgramTable {
  return {
    at: (_path, { content }, argv) => {
      const name = readProgramName(content);
      if (name === HELLO_WORLD) return printGreeting;
      if (name === SERVER) return serveUntilSignal;
      if (name === undefined && !content.subarray(0, 4).equals(ELF)) return undefined;
      return findCommand(name === undefined || name === "busybox" ? toBaseName(argv[0] ?? "") : name);
    },
  };
}

function readProgramName(content: Buffer): string | undefined {
  if (content.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  return content.toString("latin1", MAGIC.length).split("\n")[0];
}

function findCommand(name: string): Program | undefined {
  if (name !== "busybox") return APPLETS.get(name);
  return (self) => {
    self.argv = self.argv.slice(1);
    return APPLETS.get(self.argv[0] ?? "")?.(self) ?? 127;
  };
}
