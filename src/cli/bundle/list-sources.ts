/** The files that go into a bundle. */
import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, relative } from "node:path";
import { UsageError } from "../../base/errors.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import { walkSidecars } from "../../cassette/sidecars.ts";
import { CASSETTE, listLikelyFiles, RECORDED } from "../../integrations/bundle/bundle-manifest.ts";

/** A file of this machine, and its name in the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** A file that is only guessed to belong to the command is not bundled if it is larger. */
const LARGEST_GUESS = 1024 * 1024;

/** The cassette and its sidecars. */
export function listCassetteFiles(path: string, { entries }: CassetteWalk): readonly BundledFile[] {
  const sidecars = [...new Set(Array.from(walkSidecars(entries), (ref) => ref.path))].sort();
  return [
    toBundledFile(CASSETTE, path),
    ...sidecars.map((name) => toBundledFile(`${RECORDED}/${name}`, join(dirname(path), name))),
  ];
}

/**
 * The files that the command reads: those that are named, and those that its words name.
 * @param folder where they lie in the bundle
 * @throws UsageError `WHALESONG_BAD_BUNDLE` if a named file is not in the working folder, or is no file
 */
export function listCommandFiles(
  command: readonly string[],
  named: readonly string[],
  folder: string,
): readonly BundledFile[] {
  const guesses = listLikelyFiles(command).filter((word) => isLocalFile(word) && sizeOf(word) <= LARGEST_GUESS);
  for (const path of named) assertLocalFile(path);
  const paths = new Set([...named, ...guesses].map(normalize));
  return [...paths].map((path) => toBundledFile(`${folder}/${path}`, path));
}

function toBundledFile(name: string, path: string): BundledFile {
  return { name, path, size: sizeOf(path) };
}

function sizeOf(path: string): number {
  return lstatSync(path).size;
}

function assertLocalFile(path: string): void {
  if (isLocalFile(path)) return;
  throw new UsageError(
    "WHALESONG_BAD_BUNDLE",
    `--include must name a regular file below this folder, got \`${path}\`; start whalesong in the folder that has it`,
  );
}

/** Whether it is a regular file below the working folder, not reached through links that lead out of it. */
function isLocalFile(path: string): boolean {
  try {
    const way = relative(realpathSync("."), realpathSync(path));
    const isInside = way !== "" && !way.startsWith("..") && !isAbsolute(way) && !isAbsolute(path);
    return isInside && !normalize(path).startsWith("..") && lstatSync(path).isFile();
  } catch {
    return false;
  }
}
