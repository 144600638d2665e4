/** The folders in which overlay2 would keep images and containers (moby daemon/graphdriver/overlay2). */
import { createHash } from "node:crypto";
import type { Layer } from "../model/image.ts";
import { toChainIds } from "./layers.ts";

const ROOT = "/var/lib/docker/overlay2";

/** `GraphDriver.Data` of an inspect. */
export interface GraphDriverData {
  readonly LowerDir?: string;
  readonly MergedDir: string;
  readonly UpperDir: string;
  readonly WorkDir: string;
}

/** The folders of an image. Only the lowest layer has no `LowerDir`. Null without layers. */
export function toImageFolders(layers: readonly Layer[]): GraphDriverData | null {
  const [top, ...lower] = listTopFirst(layers);
  return top === undefined ? null : stackFolders(top, lower.map(toDiffFolder));
}

/** The folders of a container, over its init layer and its image's layers. */
export function toContainerFolders(id: string, layers: readonly Layer[]): GraphDriverData {
  const own = toFolder(`container ${id}`);
  return stackFolders(own, [`${own}-init`, ...listTopFirst(layers)].map(toDiffFolder));
}

function stackFolders(top: string, below: readonly string[]): GraphDriverData {
  return {
    ...(below.length === 0 ? {} : { LowerDir: below.join(":") }),
    MergedDir: `${top}/merged`,
    UpperDir: toDiffFolder(top),
    WorkDir: `${top}/work`,
  };
}

function listTopFirst(layers: readonly Layer[]): string[] {
  return toChainIds(layers).map(toFolder).reverse();
}

function toDiffFolder(folder: string): string {
  return `${folder}/diff`;
}

/** A name with the length of a real, random one. */
function toFolder(what: string): string {
  return `${ROOT}/${createHash("sha256").update(what).digest("hex")}`;
}
