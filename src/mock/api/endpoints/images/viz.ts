/** GET /images/viz, before 1.7: the images as a graph in the language of graphviz, each below its parent. */
import type { Image } from "../../../model/image.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "./shapes.ts";

const SHORT = 12;

export const imageViz: Endpoint = {
  operation: "ImageViz",
  answer: (_, { images }) => {
    const lines = ["digraph docker {", ...[...images].flatMap(drawn), " base [style=invisible]", "}"];
    return { kind: "bytes", status: 200, contentType: "text/plain", bytes: Buffer.from(`${lines.join("\n")}\n`) };
  },
};

function drawn({ id, parentId, tags }: Image): string[] {
  const edge = parentId === "" ? ` base -> ${node(id)} [style=invis]` : ` ${node(parentId)} -> ${node(id)}`;
  if (tags.length === 0) return [edge];
  return [edge, ` ${node(id)} [label="${[shortId(id), ...tags].join("\\n")}",shape=box]`];
}

function node(id: string): string {
  return `"${shortId(id)}"`;
}

function shortId(id: string): string {
  return bareId(id).slice(0, SHORT);
}
