/** POST /images/{name}/insert: a page of the web into an image; 1.12 took it away. */
import { progress } from "../../http/progress.ts";
import { layerOf } from "../../images/layers.ts";
import { addImage } from "../../lifecycle/images/commit.ts";
import { systemError } from "../../refusal.ts";
import { progressBar } from "../../registry/progress-bar.ts";
import { pageAt } from "../../registry/web.ts";
import { rootOf } from "../../state/image.ts";
import { directoryNode, fileNode } from "../../world/files/node.ts";
import { baseName, segmentsOf } from "../../world/files/path.ts";
import { nodeAt, withNode } from "../../world/files/tree.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageInsert: Endpoint = {
  operation: "ImageInsert",
  until: "1.11",
  answer: ({ name, query }, engine) => {
    const image = engine.images.lookUp(name);
    if (image === undefined) throw systemError(`No such image: ${name}`);
    const [url, path] = [query.text("url"), query.text("path")];
    if (url === "" || path === "") throw systemError("Missing parameter");
    return progress(async (say) => {
      const page = pageAt(engine.pages, url);
      say({ status: `Downloading from ${url}` });
      const step = { current: page.length, total: page.length };
      say({ status: "Inserting", progressDetail: step, progress: progressBar(step) });
      const root = rootOf(image) ?? directoryNode(0);
      const target = nodeAt(root, segmentsOf(path))?.kind === "directory" ? `${path}/${baseName(url)}` : path;
      const inserted = withNode(root, segmentsOf(target), fileNode(page, Number(engine.time.now() / 1_000_000n)));
      const settings = image.configuration.config ?? {};
      const made = addImage(engine, image, layerOf(inserted, image.layers.at(-1)), {
        config: settings,
        containerConfig: settings,
        createdBy: `INSERT ${url} ${target}`,
      });
      say({ status: made.id.replace(/^sha256:/, "") });
    });
  },
};
