/** Where overlay2 would have the files of images and containers (moby daemon/graphdriver/overlay2). */
import { createHash } from "node:crypto";
import type { Layer } from "../model/image.ts";
import { chainIds } from "./layers.ts";

const ROOT = "/var/lib/docker/overlay2";

/** `GraphDriver.Data` as inspect tells it. */
export interface Folders {
  readonly LowerDir?: string;
  readonly MergedDir: string;
  readonly UpperDir: string;
  readonly WorkDir: string;
}

/** Of an image: only the lowest layer has nothing below it. Null where there are no layers. */
export function foldersOfImage(layers: readonly Layer[]): Folders | null {
  const [top, ...lower] = topFirst(layers);
  return top === undefined ? null : foldersOver(top, lower.map(contentOf));
}

/** Of a container: over its image's layers, and over what the daemon puts there for its own mounts. */
export function foldersOfContainer(id: string, layers: readonly Layer[]): Folders {
  const own = folderNamed(`container ${id}`);
  return foldersOver(own, [`${own}-init`, ...topFirst(layers)].map(contentOf));
}

function foldersOver(top: string, below: readonly string[]): Folders {
  return {
    ...(below.length === 0 ? {} : { LowerDir: below.join(":") }),
    MergedDir: `${top}/merged`,
    UpperDir: contentOf(top),
    WorkDir: `${top}/work`,
  };
}

function topFirst(layers: readonly Layer[]): string[] {
  return chainIds(layers).map(folderNamed).reverse();
}

function contentOf(folder: string): string {
  return `${folder}/diff`;
}

/** The real names are random, and have the same length. */
function folderNamed(what: string): string {
  return `${ROOT}/${createHash("sha256").update(what).digest("hex")}`;
}
