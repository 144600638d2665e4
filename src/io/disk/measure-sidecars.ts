import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { readReferences } from "./read-references.ts";
import { nameSidecarFolder, toSidecarFolder } from "./sidecar-folder-name.ts";

/** The sidecars of a cassette. */
export interface SidecarSizes {
  readonly files: number;
  /** Their sizes together. */
  readonly bytes: number;
}

/** Counts the sidecars of the cassette at `path`. */
export function measureSidecars(path: string): SidecarSizes {
  const sizes = listNamedSidecars(path).map(({ size }) => size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/**
 * The files in the folder of sidecars that the cassette's text names, without reading its exchanges. The folder may have
 * files of the user: the cassette of `suite/` is `suite.yaml`.
 */
export function listNamedSidecars(path: string): readonly SidecarRef[] {
  const folder = toSidecarFolder(path);
  const files = listFiles(folder);
  if (files.length === 0) return [];
  const references = readReferences(path);
  return files
    .filter((file) => references.has(file))
    .map((file) => ({ path: `${nameSidecarFolder(path)}/${file}`, size: statSync(join(folder, file)).size }));
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
