/** `cd`. */
import { FileError } from "../../files/file-error.ts";
import { resolvePath } from "../../files/path.ts";
import { EXECUTE } from "../../files/permissions.ts";
import type { Shell } from "../shell.ts";

/** With `-P` the links on the way are gone from the path. `cd -` goes back, and says where that is. */
export async function changeFolder(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  let isPhysical = false;
  while (/^-[LP]+$/.test(words[0] ?? "")) isPhysical = words.shift()?.endsWith("P") === true;
  const [word] = words;
  const target = word === "-" ? (shell.values.get("OLDPWD") ?? shell.cwd) : (word ?? shell.values.get("HOME"));
  if (target === undefined) return 0;
  const path = resolvePath(target, shell.cwd);
  const problem = findProblem(shell, path);
  if (problem !== undefined) return shell.failWith(`cd: line 0: can't cd to ${target}: ${problem}`, 2);
  const real = isPhysical ? shell.disk.find(path).path : path;
  shell.values.set("OLDPWD", shell.cwd);
  shell.values.set("PWD", real);
  shell.self.cwd = real;
  if (word === "-") await shell.self.writeStdout(`${real}\n`);
  return 0;
}

function findProblem({ disk }: Shell, path: string): string | undefined {
  try {
    if (disk.stat(path).kind !== "directory") return new FileError("ENOTDIR").message;
    return disk.mayAccess(path, EXECUTE) ? undefined : new FileError("EACCES").message;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message;
  }
}
