import { isAbsolute, relative } from "node:path";

/** A path as it is typed: from the folder in which the program runs, if it is in it. */
export function toTypedPath(file: string): string {
  const typed = relative(process.cwd(), file);
  return typed === "" || typed.startsWith("..") || isAbsolute(typed) ? file : typed;
}
