import { notFound } from "../../../model/api-error.ts";
import { findExec } from "../../../operations/lifecycle/exec.ts";
import { noBody } from "../../http/answer.ts";
import { windowOf } from "../containers/resize.ts";
import type { Endpoint } from "../endpoint.ts";

export const execResize: Endpoint = {
  operation: "ExecResize",
  answer: ({ name, query }, engine) => {
    const window = windowOf(query);
    const exec = findExec(engine, name);
    const run = engine.machines.get(exec.containerId)?.execRuns.get(exec.id);
    if (run === undefined) throw notFound("no such exec");
    run.terminal?.resize(window);
    return noBody(200);
  },
};
