import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { toSidecarFolder } from "./sidecar-folder-name.ts";

/** The files beside a cassette. */
export interface SidecarSizes {
  readonly files: number;
  /** Their sizes together. */
  readonly bytes: number;
}

/** Counts the files in the folder of sidecars of the cassette at `path`. */
export function measureSidecars(path: string): SidecarSizes {
  const folder = toSidecarFolder(path);
  const sizes = listFiles(folder).map((file) => statSync(join(folder, file)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
