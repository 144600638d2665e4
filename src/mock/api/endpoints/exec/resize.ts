import { notFound } from "../../../model/api-error.ts";
import { findExec } from "../../../operations/lifecycle/exec.ts";
import { emptyResponse } from "../../http/response.ts";
import { readWindow } from "../containers/resize.ts";
import type { Endpoint } from "../endpoint.ts";

export const execResize: Endpoint = {
  operation: "ExecResize",
  respond: (request, engine) => {
    const window = readWindow(request);
    const exec = findExec(engine, request.name);
    const run = engine.runtimes.get(exec.containerId)?.execRuns.get(exec.id);
    if (run === undefined) throw notFound("no such exec");
    run.terminal?.resize(window);
    return emptyResponse(200);
  },
};
