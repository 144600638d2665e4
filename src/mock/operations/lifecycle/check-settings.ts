/** Checks the settings of a container before it is created or changed (moby daemon/container.go, daemon_unix.go). */
import { parseSignal } from "../../../userland/process/signals.ts";
import { badParameter } from "../../model/api-error.ts";
import type { ContainerConfig, Healthcheck } from "../../model/container-config.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { checkResources } from "./check-resources.ts";

const NS_PER_MS = 1e6;
const MAX_PORT = 65_535;

/** @throws ApiError 400 for an invalid working directory, stop signal, variable or health check */
export function checkConfig({ WorkingDir, Env, StopSignal, Healthcheck }: ContainerConfig): void {
  if (WorkingDir !== "" && !WorkingDir.startsWith("/")) {
    throw badParameter(`the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  if (StopSignal !== undefined && parseSignal(StopSignal) === undefined)
    throw badParameter(`Invalid signal: ${StopSignal}`);
  const bad = (Env ?? []).find((pair) => pair === "" || pair.startsWith("="));
  if (bad !== undefined) throw badParameter(`invalid environment variable: ${bad}`);
  if (Healthcheck !== undefined) checkHealthcheck(Healthcheck);
}

function checkHealthcheck(check: Healthcheck): void {
  for (const name of ["Interval", "Timeout", "StartPeriod", "StartInterval"] as const) {
    const ns = check[name] ?? 0;
    if (ns !== 0 && ns < NS_PER_MS) throw badParameter(`${name} in Healthcheck cannot be less than 1ms`);
  }
  if ((check.Retries ?? 0) < 0) throw badParameter("Retries in Healthcheck cannot be negative");
}

/** @throws ApiError 400 for an invalid host port, restart policy or resource limit */
export function checkHostConfig(hostConfig: HostConfig): void {
  const { AutoRemove, RestartPolicy, PortBindings } = hostConfig;
  if (AutoRemove && RestartPolicy.Name !== "" && RestartPolicy.Name !== "no") {
    throw badParameter("can't create 'AutoRemove' container with restart policy");
  }
  for (const [port, bindings] of Object.entries(PortBindings ?? {})) {
    checkPort(port.split("/")[0] ?? "", false);
    for (const { HostPort = "" } of bindings ?? []) checkPort(HostPort, true);
  }
  checkRestartPolicy(RestartPolicy);
  checkResources(hostConfig);
}

/** A number, or a range if the place allows it. Empty for any port (docker/go-connections, nat.ParsePort). */
function checkPort(text: string, canBeRange: boolean): void {
  const [first = "", last = first, ...rest] = text.split("-");
  const isNumber = (part: string): boolean => /^\d+$/.test(part) && Number(part) <= MAX_PORT;
  const isValid = isNumber(first) && isNumber(last) && Number(first) <= Number(last) && rest.length === 0;
  if (text === "" || (isValid && (canBeRange || first === text))) return;
  throw badParameter(`invalid port specification: ${JSON.stringify(text)}`);
}

/** @throws ApiError 400 for an unknown policy, or a retry count that it cannot have */
export function checkRestartPolicy({ Name, MaximumRetryCount = 0 }: HostConfig["RestartPolicy"]): void {
  switch (Name) {
    case "":
      return;
    case "no":
    case "always":
    case "unless-stopped":
      if (MaximumRetryCount === 0) return;
      throw badParameter(`maximum retry count cannot be used with restart policy '${Name}'`);
    case "on-failure":
      if (MaximumRetryCount >= 0) return;
      throw badParameter("maximum retry count cannot be negative");
    default:
      throw badParameter(`invalid restart policy '${Name}'`);
  }
}
