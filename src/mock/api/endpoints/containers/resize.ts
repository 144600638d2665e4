import type { WindowSize } from "../../../../userland/process/terminal.ts";
import { badParameter, conflictError } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { formatAtoiError, type QueryParameters } from "../../http/query.ts";
import { emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerResize: Endpoint = {
  operation: "ContainerResize",
  respond: ({ name, query }, engine) => {
    const window = readWindow(query);
    const container = engine.containers.find(name);
    const { run } = getRuntime(engine, container);
    if (run === undefined) throw conflictError(`Container ${container.id} is not running`);
    run.terminal?.resize(window);
    emitContainerEvent(engine, container, "resize", { height: String(window.rows), width: String(window.columns) });
    return emptyResponse(200);
  },
};

/** Reads `h` and `w`. @throws ApiError 400 if one of them is not a number */
export function readWindow(query: QueryParameters): WindowSize {
  const readNumber = (name: string): number => {
    const text = query.get(name);
    if (!/^[+-]?\d+$/.test(text)) throw badParameter(formatAtoiError(text));
    return Number(text);
  };
  return { rows: readNumber("h"), columns: readNumber("w") };
}
