import { relative } from "node:path";

/** A path as it is typed, from the folder in which the program runs. */
export function toTypedPath(file: string): string {
  return relative(process.cwd(), file);
}
