/** Reads the images that a test or the command line brings: tars of file systems, and archives of `docker save`. */
import { UsageError } from "../../../base/errors.ts";
import { createDirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { buildTree } from "../../../userland/files/tree.ts";
import { createSingleLayerImage } from "../../images/builtin-images.ts";
import { ApiError } from "../../model/api-error.ts";
import type { Image } from "../../model/image.ts";
import { parseReference, toFamiliarText, withLatest } from "../../model/image-reference.ts";
import { readTar } from "../../model/read-tar.ts";
import { unpack } from "../../model/unpack.ts";
import { readArchive } from "./load.ts";

/**
 * An image of `docker save` also keeps its own names.
 * @throws UsageError `WHALESONG_BAD_IMAGE` for an invalid name or an unreadable tar
 */
export async function readImageTars(
  tars: readonly { readonly name: string; readonly tar: Uint8Array }[],
): Promise<Image[]> {
  const all = await Promise.all(tars.map(({ name, tar }) => readImageTar(name, tar)));
  return all.flat();
}

async function readImageTar(name: string, tar: Uint8Array): Promise<Image[]> {
  try {
    const tag = toFamiliarText(withLatest(parseReference(name)));
    const bytes = await unpack(Buffer.from(tar));
    const things = await readTar(bytes);
    const isSaved = things.some((thing) => splitPath(thing.name).join("/") === "manifest.json");
    if (isSaved) return (await readArchive(bytes)).map(({ image, tags }) => withTags(image, [...tags, tag]));
    const nodes = things.map((thing) => ({ path: `/${splitPath(thing.name).join("/")}`, node: thing.node }));
    return [withTags(createSingleLayerImage(buildTree(nodes, createDirectoryNode(0)), { Cmd: ["sh"] }), [tag])];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(
      "WHALESONG_BAD_IMAGE",
      `cannot make an image of \`${name}\`: ${error.message}; expected a name, and the tar of a root file system or of \`docker save\``,
    );
  }
}

function withTags(image: Image, tags: readonly string[]): Image {
  return { ...image, tags: [...new Set(tags)].sort() };
}
