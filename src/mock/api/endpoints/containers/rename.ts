import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Engine } from "../../../operations/engine.ts";
import { checkName } from "../../../operations/lifecycle/check-name.ts";
import { renameEndpoints } from "../../../operations/lifecycle/networks.ts";
import { noContent } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerRename: Endpoint = {
  operation: "ContainerRename",
  respond: ({ name, query }, engine) => {
    const newName = query.get("name");
    const container = engine.containers.find(name);
    if (newName === "") throw badParameter("Neither old nor new names may be empty");
    if (newName.replace(/^\//, "") === container.name) {
      throw badParameter("Renaming a container with the same name as its current name");
    }
    const renamed = renameEndpoints(engine, { ...container, name: allocateName(engine, newName) });
    engine.containers.put(renamed);
    emitContainerEvent(engine, renamed, "rename", { oldName: `/${container.name}` });
    return noContent();
  },
};

function allocateName(engine: Engine, newName: string): string {
  try {
    return checkName(engine, newName.startsWith("/") ? newName : `/${newName}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.status, `Error when allocating new name: ${error.message}`);
  }
}
