/** From a word of a command line to the program that it runs, as execvp(3) finds it. */
import type { Disk } from "../files/disk.ts";
import type { FileNode } from "../files/node.ts";
import { resolvePath, toBaseName } from "../files/path.ts";
import { EXECUTE } from "../files/permissions.ts";
import type { Process, Program, ProgramTable } from "./process.ts";

export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export type LookupFailure = "not found" | "no such file" | "is a directory" | "permission denied" | "not simulated";

export interface LookupScope {
  readonly disk: Disk;
  readonly programs: ProgramTable;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The program, or why there is none. */
export function findProgram(argv: readonly string[], place: LookupScope): Program | LookupFailure {
  const [name = ""] = argv;
  const named = place.programs.named?.(argv);
  if (named !== undefined) return named;
  if (name.includes("/")) return findProgramAt(resolvePath(name, place.cwd), argv, place);
  const folders = (place.env.PATH ?? DEFAULT_PATH).split(":");
  let refused: LookupFailure = "not found";
  for (const folder of folders) {
    const found = findProgramAt(resolvePath(name, folder === "" ? place.cwd : folder), argv, place);
    if (typeof found === "function") return found;
    if (found !== "no such file") refused = found;
  }
  return refused === "is a directory" ? "not found" : refused;
}

/** The same for a process: what it would run now. One that a real container may have is reported as missing. */
export function findProgramFor({ disk, table, env, cwd }: Process, argv: readonly string[]): Program | LookupFailure {
  const found = findProgram(argv, { disk, programs: table.programs, env, cwd });
  if (found === "not found" || found === "not simulated") table.reportMissing({ program: argv[0] ?? "" });
  return found;
}

function findProgramAt(path: string, argv: readonly string[], place: LookupScope): Program | LookupFailure {
  const node = place.disk.peek(path);
  if (node === undefined) return "no such file";
  if (node.kind === "directory") return "is a directory";
  if (node.kind !== "file" || !place.disk.mayAccess(path, EXECUTE)) return "permission denied";
  return findInterpreter(path, node, argv, place) ?? place.programs.at(path, node, argv) ?? "not simulated";
}

/** `#!/bin/sh -e`: the interpreter, with the file's path before the arguments. */
function findInterpreter(
  path: string,
  { content }: FileNode,
  argv: readonly string[],
  place: LookupScope,
): Program | LookupFailure | undefined {
  if (content[0] !== 0x23 || content[1] !== 0x21) return undefined;
  const line = content.toString("latin1", 2, Math.max(content.indexOf(0x0a), 2)).trim();
  const [, interpreter = "", option = ""] = /^(\S*)\s*(.*)$/.exec(line) ?? [];
  const isEnv = toBaseName(interpreter) === "env" && option !== "";
  const words = [isEnv ? option : interpreter, ...(isEnv || option === "" ? [] : [option]), path, ...argv.slice(1)];
  const program = findProgram(words, place);
  if (typeof program !== "function") return program;
  return (self) => {
    self.argv = words;
    return program(self);
  };
}
