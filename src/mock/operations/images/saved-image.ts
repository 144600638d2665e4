/** What all archives of `docker save` contain of an image (moby image/tarexport/save.go, image/v1/imagev1.go). */

import { createHash } from "node:crypto";
import { toChainIds } from "../../images/layers.ts";
import { formatRfc3339Nano } from "../../model/go-time.ts";
import type { Image } from "../../model/image.ts";
import { parseReference } from "../../model/image-reference.ts";

/** An image, and the names that the archive gives it. */
export interface SavedImage {
  readonly image: Image;
  readonly tags: readonly string[];
}

/** One folder name for each layer: a digest of the layers so far, and for the top layer also of the image's id. */
export function toLegacyIds({ layers, id }: Image): string[] {
  return toChainIds(layers).map((chain, index) => {
    const own = index === layers.length - 1 ? id : "";
    return createHash("sha256").update(`v1\0${chain}\0${own}`).digest("hex");
  });
}

/** The `json` file of a layer's folder, which Docker before 1.10 reads. */
export function toLegacyJson(image: Image, index: number, id: string): object {
  const parent = index === 0 ? {} : { parent: toLegacyIds(image)[index - 1] };
  if (index < image.layers.length - 1) return { id, ...parent, created: "1970-01-01T00:00:00Z", os: "linux" };
  const { container, container_config, docker_version, author, config, architecture, os } = image.configuration;
  const own = { container, container_config, docker_version, author, config, architecture, os };
  return { id, ...parent, created: formatRfc3339Nano(image.created), ...own };
}

/** The content of the file `repositories`: by repository and tag, what `getTop` names of the image. */
export function listRepositories(
  images: readonly SavedImage[],
  getTop: (saved: SavedImage) => string,
): Record<string, Record<string, string>> {
  const repositories: Record<string, Record<string, string>> = {};
  for (const saved of images) {
    for (const tag of saved.tags) {
      const { tag: version = "" } = parseReference(tag);
      const name = tag.slice(0, tag.lastIndexOf(":"));
      repositories[name] = { ...repositories[name], [version]: getTop(saved) };
    }
  }
  return repositories;
}
