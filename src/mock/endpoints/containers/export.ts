import { stream } from "../../http/answer.ts";
import { tarOf } from "../../world/files/tar.ts";
import { walk } from "../../world/files/tree.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerExport: Endpoint = {
  operation: "ContainerExport",
  answer: ({ name }, engine) => {
    const container = engine.containers.find(name);
    const { files } = engine.machineOf(container);
    engine.tellOf(container, "export");
    const things = [...walk(files.root)].map(({ path, node }) => ({
      name: node.kind === "directory" ? `${path.slice(1)}/` : path.slice(1),
      node,
    }));
    return stream(tarOf(things), "application/octet-stream");
  },
};
