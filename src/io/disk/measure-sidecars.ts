import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files beside a cassette. */
export interface SidecarSizes {
  readonly files: number;
  /** Their sizes together. */
  readonly bytes: number;
}

/** Counts the files in the folder of the cassette at `path`, which is named as the cassette without its `.yaml`. */
export function measureSidecars(path: string): SidecarSizes {
  const folder = path.replace(/\.\w+$/, "");
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
