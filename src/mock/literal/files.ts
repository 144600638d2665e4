import { Refusal } from "../refusal.ts";
import { type Disk, FileError } from "../world/files/disk.ts";
import { parentOf } from "../world/files/path.ts";
import type { FilesLiteral } from "./literal.ts";

/** Writes files, and makes the folders that they are in. @throws Refusal where there can be no such file */
export function writeFiles(disk: Disk, files: FilesLiteral = {}): void {
  for (const [path, content] of Object.entries(files)) {
    try {
      disk.makeFolders(parentOf(path));
      disk.write(path, Buffer.from(content as string));
    } catch (error) {
      throw error instanceof FileError ? new Refusal(400, `${path}: ${error.message}`) : error;
    }
  }
}

/** `{A: "1"}` as `["A=1"]`. */
export function environment(env: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** One word is for a shell. */
export function commandWords(command: string | readonly string[]): readonly string[] {
  return typeof command === "string" ? ["sh", "-c", command] : command;
}
