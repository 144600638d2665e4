/**
 * POST /images/{name}/insert, removed in 1.12: downloads a web page into a new image, which takes over the name of the
 * old one.
 */

import { createDirectoryNode, createFileNode } from "../../../../userland/files/node.ts";
import { splitPath, toBaseName } from "../../../../userland/files/path.ts";
import { findNode, withNode } from "../../../../userland/files/tree.ts";
import { createLayer } from "../../../images/layers.ts";
import { systemError } from "../../../model/api-error.ts";
import { getRootTree, type Image } from "../../../model/image.ts";
import { parseReference } from "../../../model/image-reference.ts";
import { dropHubPrefix, withDefaultTag } from "../../../model/image-store.ts";
import { formatProgressBar } from "../../../model/layer-progress.ts";
import type { Engine } from "../../../operations/engine.ts";
import { addImage } from "../../../operations/images/commit.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import { getPage } from "../../../runtime/web-pages.ts";
import { streamProgress } from "../../http/progress-response.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import { selectProgressFormat } from "../../version/progress-format.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageInsert: Endpoint = {
  operation: "ImageInsert",
  respond: (request, engine) => {
    const { name, query } = request;
    const image = engine.images.lookUp(name);
    if (image === undefined) throw systemError(`No such image: ${name}`);
    const [url, path] = [query.get("url"), query.get("path")];
    if (url === "" || path === "") throw systemError("url and path must both be given");
    const format = selectProgressFormat(request);
    return streamProgress(
      request,
      async (report) => {
        report({ status: "Inserting..." });
        const page = getPage(engine.pages, url);
        const step = { current: page.length, total: page.length };
        report({ status: "Inserting", progressDetail: step, progress: formatProgressBar(step) });
        const inserted = insertPage(engine, image, page, { url, path });
        const tag = withDefaultTag(dropHubPrefix(name));
        if (image.tags.includes(tag)) tagImage(engine, inserted.id, parseReference(tag));
        report({ status: toBareId(inserted.id) });
      },
      { format },
    );
  },
};

/** Adds an image with the page. If `path` is a folder, the page goes into it under its own name. */
function insertPage(engine: Engine, image: Image, page: Buffer, { url, path }: { url: string; path: string }): Image {
  const root = getRootTree(image) ?? createDirectoryNode(0);
  const target = findNode(root, splitPath(path))?.kind === "directory" ? `${path}/${toBaseName(url)}` : path;
  const inserted = withNode(root, splitPath(target), createFileNode(page, Number(engine.time.now() / 1_000_000n)));
  const settings = image.configuration.config ?? {};
  return addImage(engine, image, createLayer(inserted, image.layers.at(-1)), {
    config: settings,
    containerConfig: settings,
    createdBy: `INSERT ${url} ${target}`,
  });
}
