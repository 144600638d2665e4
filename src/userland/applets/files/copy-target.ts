/** Where `cp` and `mv` put files: at the last word, or into the folder that it names, or that of `-t`. */
import { toBaseName } from "../../files/path.ts";
import type { Process } from "../../process/process.ts";
import { AppletError, expectWords, WrongUsage } from "../applet-errors.ts";
import type { ReadOptions } from "../read-options.ts";

export interface CopyTarget {
  readonly sources: readonly string[];
  /** @param name within the target, where that is a folder. @default the last part of `source` */
  toPath(source: string, name?: string): string;
}

/** @throws AppletError, WrongUsage as busybox does */
export function readCopyTarget(self: Process, { flags, words }: ReadOptions): CopyTarget {
  const folder = flags.get("t");
  expectWords(words, folder === undefined ? 2 : 1);
  if (flags.has("T") && (folder !== undefined || words.length > 2)) throw new WrongUsage("");
  const target = folder ?? (words.at(-1) as string);
  const sources = folder === undefined ? words.slice(0, -1) : words;
  const isFolder = self.disk.peek(self.resolvePath(target))?.kind === "directory";
  if (flags.has("T") && isFolder) throw new AppletError(`'${target}' is a directory`);
  const isInside = isFolder || sources.length > 1 || folder !== undefined;
  const toPath = (source: string, name = toBaseName(source)): string =>
    isInside ? `${target.replace(/\/+$/, "")}/${name}` : target;
  return { sources, toPath };
}
