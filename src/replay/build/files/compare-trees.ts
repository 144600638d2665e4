/** Compares a build's context with the recorded one, path by path. */
import { isMaskedDigest } from "../../../match/normalize/masked-files.ts";
import type { TarEntry } from "../../../wire/archive/tar.ts";
import { type FileStat, readFileType, toUnixMode } from "../../../wire/buildkit/files/file-stat.ts";

export interface TreeEntry {
  /** `file`, `directory`, `symlink` ... */
  readonly type: string;
  /** The twelve bits that `chmod` knows. */
  readonly mode: number;
  readonly size: number;
  /** Of a link; else empty. */
  readonly target: string;
  /** Sha256 of the content; undefined where it was not sent. */
  readonly digest?: string;
}

/** By path. */
export type FileTree = ReadonlyMap<string, TreeEntry>;

const PERMISSIONS = 0o7777;
const SHOWN = 8;

export interface TreeDifference {
  /** Empty where the whole differs. */
  readonly path: string;
  /** `src/f1 differs in its content` */
  readonly sentence: string;
}

/** In the order of the paths. Empty where the trees are equal. */
export function compareTrees(recorded: FileTree, got: FileTree): readonly TreeDifference[] {
  const paths = [...new Set([...recorded.keys(), ...got.keys()])].sort();
  return paths.flatMap((path) => {
    const difference = describeDifference(recorded.get(path), got.get(path));
    return difference === undefined ? [] : [{ path, sentence: `${path} ${difference}` }];
  });
}

/** As one line. */
export function joinDifferences(differences: readonly TreeDifference[]): string {
  const more = differences.length - SHOWN;
  const sentences = differences.slice(0, SHOWN).map(({ sentence }) => sentence);
  return [...sentences, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** Times and owners are not compared, nor the mode of a symbolic link, which no system uses. */
function describeDifference(recorded: TreeEntry | undefined, got: TreeEntry | undefined): string | undefined {
  if (recorded === undefined) return "is new";
  if (got === undefined) return "is missing";
  if (recorded.type !== got.type) return `differs in its type (recorded ${recorded.type}, got ${got.type})`;
  if (recorded.mode !== got.mode && got.type !== "symlink") {
    return `differs in its mode (recorded ${formatMode(recorded)}, got ${formatMode(got)})`;
  }
  if (recorded.target !== got.target) return `differs in its target (recorded ${recorded.target}, got ${got.target})`;
  return isContentEqual(recorded, got) ? undefined : "differs in its content";
}

function isContentEqual(recorded: TreeEntry, got: TreeEntry): boolean {
  if (recorded.type !== "file" || isMaskedDigest(recorded.digest)) return true;
  if (recorded.size !== got.size) return false;
  return recorded.digest === undefined || got.digest === undefined || recorded.digest === got.digest;
}

function formatMode({ mode }: TreeEntry): string {
  return mode.toString(8).padStart(3, "0");
}

export function toTreeEntry(stat: FileStat, digest?: string): TreeEntry {
  const type = readFileType(stat.mode);
  const entry = { type, mode: toUnixMode(stat.mode), size: stat.size, target: stat.linkname };
  return digest === undefined ? entry : { ...entry, digest };
}

/** The last entry of a path is the one that counts. */
export function toFileTree(entries: readonly TarEntry[]): FileTree {
  return new Map(
    entries.map(({ name, type, mode, size, linkname = "", sha256 }) => [
      name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "") || ".",
      { type, mode: mode & PERMISSIONS, size, target: linkname, ...(type === "file" ? { digest: sha256 } : {}) },
    ]),
  );
}
