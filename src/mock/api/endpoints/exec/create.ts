import { badParameter } from "../../../model/api-error.ts";
import { createExec } from "../../../operations/lifecycle/exec.ts";
import { parseDetachKeys } from "../../../runtime/streams/detach-keys.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";

export const containerExec: Endpoint = {
  operation: "ContainerExec",
  respond: async (request, engine) => {
    const sent = await readJsonBody(request, "ContainerExec");
    const { Cmd = [], DetachKeys = "" } = sent;
    if (Cmd.length === 0) throw badParameter("No exec command specified");
    parseDetachKeys(DetachKeys);
    const container = engine.containers.find(request.name);
    const { id } = createExec(engine, container, {
      argv: Cmd,
      env: sent.Env ?? [],
      user: sent.User ?? "",
      workingDir: sent.WorkingDir ?? "",
      isTty: sent.Tty === true,
      isPrivileged: sent.Privileged === true,
      opensStdin: sent.AttachStdin === true,
      opensStdout: sent.AttachStdout === true,
      opensStderr: sent.AttachStderr === true,
      detachKeys: DetachKeys,
    });
    return jsonResponse({ Id: id }, 201);
  },
};
