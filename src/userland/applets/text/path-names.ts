/** `basename` and `dirname`: parts of paths, without looking at files. */
import type { Program } from "../../process/process.ts";
import { expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";

export const basename: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "as:", { stopsAtWord: true });
  const areMany = flags.has("a") || flags.has("s");
  expectWords(words, 1, areMany ? undefined : 2);
  const suffix = flags.get("s") ?? (areMany ? "" : (words[1] ?? ""));
  const names = (areMany ? words : words.slice(0, 1)).map((path) => stripSuffix(lastName(path), suffix));
  await self.writeStdout(names.map((name) => `${name}\n`).join(""));
  return 0;
};

function lastName(path: string): string {
  return path === "" ? "" : path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

function stripSuffix(name: string, suffix: string): string {
  return suffix !== "" && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
}

export const dirname: Program = async (self) => {
  const words = self.argv[1] === "--" ? self.argv.slice(2) : self.argv.slice(1);
  expectWords(words, 1, 1);
  await self.writeStdout(`${parentName(words[0] as string)}\n`);
  return 0;
};

/** Two slashes at the start stay two (dirname(3)). */
function parentName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path.startsWith("/") ? (path === "//" ? "//" : "/") : ".";
  const slash = trimmed.lastIndexOf("/");
  if (slash === -1) return ".";
  const parent = trimmed.slice(0, slash).replace(/\/+$/, "");
  if (parent !== "") return parent;
  return /^\/\/[^/]/.test(path) ? "//" : "/";
}
