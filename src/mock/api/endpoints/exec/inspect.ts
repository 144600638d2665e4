import { findExec } from "../../../operations/lifecycle/exec.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const execInspect: Endpoint = {
  operation: "ExecInspect",
  respond: ({ name }, engine) => {
    const exec = findExec(engine, name);
    const [entrypoint = "", ...words] = exec.argv;
    return jsonResponse({
      ID: exec.id,
      Running: exec.isRunning,
      ExitCode: exec.exitCode,
      ProcessConfig: {
        tty: exec.isTty,
        entrypoint,
        arguments: words,
        privileged: exec.isPrivileged,
        user: exec.user === "" ? undefined : exec.user,
      },
      OpenStdin: exec.opensStdin,
      OpenStderr: exec.opensStderr,
      OpenStdout: exec.opensStdout,
      CanRemove: false,
      ContainerID: exec.containerId,
      DetachKeys: exec.detachKeys,
      Pid: exec.pid,
    });
  },
};
