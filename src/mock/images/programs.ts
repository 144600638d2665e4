/** From an executable file to the program that stands for it. */

import { COMMANDS } from "../../userland/applets/table.ts";
import { baseName } from "../../userland/files/path.ts";
import type { Program, Programs } from "../../userland/process/process.ts";
import { HELLO_WORLD, helloWorld } from "./hello-world.ts";
import { server } from "./server.ts";

/** The start of an executable of our own: its name follows, up to the end of the line. */
const OURS = "\x7fwhalesong ";
/** Stands for whatever serves until it is told to stop. */
const SERVER = "server";
const ELF = Buffer.from("\x7fELF", "latin1");

/** The content of an executable that runs the program `name`. */
export function executable(name: string): Buffer {
  return Buffer.from(`${OURS}${name}\n`, "latin1");
}

/**
 * Ours by the name in the file; a machine's own executable by the name that it is called by, as far as that is one of
 * busybox's commands.
 */
export function builtinPrograms(): Programs {
  return {
    at: (_path, { content }, argv) => {
      const ours = nameIn(content);
      if (ours === HELLO_WORLD) return helloWorld;
      if (ours === SERVER) return server;
      if (ours === undefined && !content.subarray(0, 4).equals(ELF)) return undefined;
      return command(ours === undefined || ours === "busybox" ? baseName(argv[0] ?? "") : ours);
    },
  };
}

function nameIn(content: Buffer): string | undefined {
  if (content.toString("latin1", 0, OURS.length) !== OURS) return undefined;
  return content.toString("latin1", OURS.length).split("\n")[0];
}

function command(name: string): Program | undefined {
  if (name !== "busybox") return COMMANDS.get(name);
  return (self) => {
    self.argv = self.argv.slice(1);
    return COMMANDS.get(self.argv[0] ?? "")?.(self) ?? 127;
  };
}
