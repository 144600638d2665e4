/** Checks the settings of a container before it is created or changed (moby daemon/container.go, daemon_unix.go). */
import { signalNumber } from "../../../userland/process/signals.ts";
import { badParameter } from "../../model/api-error.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import type { HostConfig } from "../../model/host-config.ts";

const MIN_MEMORY_BYTES = 6 * 1024 * 1024;
const RESTART_POLICIES: ReadonlySet<string> = new Set(["", "no", "always", "unless-stopped", "on-failure"]);

/** @throws ApiError 400 for an invalid working directory, stop signal or variable */
export function checkConfig({ WorkingDir, Env, StopSignal }: ContainerConfig): void {
  if (WorkingDir !== "" && !WorkingDir.startsWith("/")) {
    throw badParameter(`the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  if (StopSignal !== undefined && signalNumber(StopSignal) === undefined)
    throw badParameter(`Invalid signal: ${StopSignal}`);
  const bad = (Env ?? []).find((pair) => pair === "" || pair.startsWith("="));
  if (bad !== undefined) throw badParameter(`invalid environment variable: ${bad}`);
}

/** @throws ApiError 400 for an invalid restart policy, memory limit or host port */
export function checkHostConfig(hostConfig: HostConfig): void {
  const { AutoRemove, RestartPolicy, Memory, PortBindings } = hostConfig;
  checkRestartPolicy(RestartPolicy);
  if (AutoRemove && RestartPolicy.Name !== "" && RestartPolicy.Name !== "no") {
    throw badParameter("can't create 'AutoRemove' container with restart policy");
  }
  checkMemory(Memory);
  for (const bindings of Object.values(PortBindings ?? {})) {
    for (const { HostPort = "" } of bindings ?? []) {
      if (!/^(\d+(-\d+)?)?$/.test(HostPort)) throw badParameter(`invalid port specification: "${HostPort}"`);
    }
  }
}

/** @throws ApiError 400 for an unknown policy, or a retry count that it cannot have */
export function checkRestartPolicy({ Name, MaximumRetryCount = 0 }: HostConfig["RestartPolicy"]): void {
  if (!RESTART_POLICIES.has(Name)) throw badParameter(`invalid restart policy '${Name}'`);
  if (Name !== "on-failure" && MaximumRetryCount !== 0) {
    throw badParameter(`maximum retry count cannot be used with restart policy '${Name}'`);
  }
  if (MaximumRetryCount < 0) throw badParameter("maximum retry count cannot be negative");
}

/** @throws ApiError 400 below dockerd's minimum. Zero and less mean no limit. */
export function checkMemory(bytes: number): void {
  if (bytes > 0 && bytes < MIN_MEMORY_BYTES) throw badParameter("Minimum memory limit allowed is 6MB");
}
