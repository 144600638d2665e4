/** Images that are given: tars of file systems, and archives of `docker save`. */
import { UsageError } from "../../../base/errors.ts";
import { decompressed } from "../../../userland/files/decompress.ts";
import { directoryNode } from "../../../userland/files/node.ts";
import { segmentsOf } from "../../../userland/files/path.ts";
import { treeOf } from "../../../userland/files/tree.ts";
import { handMade } from "../../images/builtin.ts";
import { ApiError } from "../../model/api-error.ts";
import type { Image } from "../../model/image.ts";
import { readTar } from "../../model/read-tar.ts";
import { familiarText, parseReference, withLatest } from "../../model/reference.ts";
import { readArchive } from "./load.ts";

/**
 * A saved image has its own names besides.
 * @throws UsageError `WHALESONG_BAD_IMAGE` where a name is none, or a tar
 */
export async function imagesFrom(
  tars: readonly { readonly name: string; readonly tar: Uint8Array }[],
): Promise<Image[]> {
  const all = await Promise.all(tars.map(({ name, tar }) => imagesIn(name, tar)));
  return all.flat();
}

async function imagesIn(name: string, tar: Uint8Array): Promise<Image[]> {
  try {
    const tag = familiarText(withLatest(parseReference(name)));
    const bytes = await decompressed(Buffer.from(tar));
    const things = await readTar(once(bytes));
    const isSaved = things.some((thing) => segmentsOf(thing.name).join("/") === "manifest.json");
    if (isSaved) return (await readArchive(bytes)).map(({ image, tags }) => named(image, [...tags, tag]));
    const placed = things.map((thing) => ({ path: `/${segmentsOf(thing.name).join("/")}`, node: thing.node }));
    return [named(handMade(treeOf(placed, directoryNode(0)), { Cmd: ["sh"] }), [tag])];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(
      "WHALESONG_BAD_IMAGE",
      `cannot make an image of \`${name}\`: ${error.message}; expected a name, and the tar of a root file system or of \`docker save\``,
    );
  }
}

function named(image: Image, tags: readonly string[]): Image {
  return { ...image, tags: [...new Set(tags)].sort() };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
