import { tarOf } from "../../../../userland/files/tar.ts";
import { walk } from "../../../../userland/files/tree.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { stream } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerExport: Endpoint = {
  operation: "ContainerExport",
  answer: ({ name }, engine) => {
    const container = engine.containers.find(name);
    const { files } = runtimeOf(engine, container);
    emitContainerEvent(engine, container, "export");
    const things = [...walk(files.root)].map(({ path, node }) => ({
      name: node.kind === "directory" ? `${path.slice(1)}/` : path.slice(1),
      node,
    }));
    return stream(tarOf(things), "application/octet-stream");
  },
};
