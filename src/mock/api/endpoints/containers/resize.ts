import type { WindowSize } from "../../../../userland/process/terminal.ts";
import { badParameter, conflictError } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { formatAtoiError } from "../../http/query.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerResize: Endpoint = {
  operation: "ContainerResize",
  respond: (request, engine) => {
    const window = readWindow(request);
    const container = engine.containers.find(request.name);
    const { run } = getRuntime(engine, container);
    if (run === undefined) throw conflictError(`Container ${container.id} is not running`);
    run.terminal?.resize(window);
    emitContainerEvent(engine, container, "resize", { height: String(window.rows), width: String(window.columns) });
    return emptyResponse(200);
  },
};

/** Reads `h` and `w`. @throws ApiError 400 if one of them is not a number */
export function readWindow({ query, release }: ApiRequest): WindowSize {
  const readNumber = (name: string, dimension: string): number => {
    const text = query.get(name);
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    const isOld = isOlderEngine(release, "28");
    throw badParameter(isOld ? formatAtoiError(text) : `invalid resize ${dimension} "${text}": invalid syntax`);
  };
  return { rows: readNumber("h", "height"), columns: readNumber("w", "width") };
}
