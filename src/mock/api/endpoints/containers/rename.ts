import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Engine } from "../../../operations/engine.ts";
import { checkName } from "../../../operations/lifecycle/create.ts";
import { nothing } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerRename: Endpoint = {
  operation: "ContainerRename",
  answer: ({ name, query }, engine) => {
    const wanted = query.text("name");
    const container = engine.containers.find(name);
    if (wanted === "") throw badParameter("Neither old nor new names may be empty");
    if (wanted.replace(/^\//, "") === container.name) {
      throw badParameter("Renaming a container with the same name as its current name");
    }
    const renamed = { ...container, name: allocated(engine, wanted) };
    engine.containers.put(renamed);
    emitContainerEvent(engine, renamed, "rename", { oldName: `/${container.name}` });
    return nothing();
  },
};

function allocated(engine: Engine, wanted: string): string {
  try {
    return checkName(engine, wanted.startsWith("/") ? wanted : `/${wanted}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.status, `Error when allocating new name: ${error.message}`);
  }
}
