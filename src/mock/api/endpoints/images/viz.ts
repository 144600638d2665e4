/** GET /images/viz, before 1.7: the images as a Graphviz graph, each below its parent. */
import type { Image } from "../../../model/image.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";

const SHORT = 12;

export const imageViz: Endpoint = {
  operation: "ImageViz",
  respond: (_, { images }) => {
    const lines = ["digraph docker {", ...[...images].flatMap(drawImage), " base [style=invisible]", "}"];
    return { kind: "bytes", status: 200, contentType: "text/plain", bytes: Buffer.from(`${lines.join("\n")}\n`) };
  },
};

function drawImage({ id, parentId, tags }: Image): string[] {
  const edge =
    parentId === "" ? ` base -> ${quoteNode(id)} [style=invis]` : ` ${quoteNode(parentId)} -> ${quoteNode(id)}`;
  if (tags.length === 0) return [edge];
  return [edge, ` ${quoteNode(id)} [label="${[toShortId(id), ...tags].join("\\n")}",shape=box]`];
}

function quoteNode(id: string): string {
  return `"${toShortId(id)}"`;
}

function toShortId(id: string): string {
  return toBareId(id).slice(0, SHORT);
}
