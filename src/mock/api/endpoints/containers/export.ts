import { tarOf } from "../../../../userland/files/read-tar.ts";
import { walk } from "../../../../userland/files/tree.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerExport: Endpoint = {
  operation: "ContainerExport",
  respond: ({ name }, engine) => {
    const container = engine.containers.find(name);
    const { files } = getRuntime(engine, container);
    emitContainerEvent(engine, container, "export");
    const entries = [...walk(files.root)].map(({ path, node }) => ({
      name: node.kind === "directory" ? `${path.slice(1)}/` : path.slice(1),
      node,
    }));
    return streamResponse(tarOf(entries), "application/octet-stream");
  },
};
