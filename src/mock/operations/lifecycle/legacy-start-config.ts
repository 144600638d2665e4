import { ApiError, badParameter } from "../../model/api-error.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { checkHostConfig } from "./check-settings.ts";
import { toEndpoints } from "./container-endpoints.ts";
import { withSharedNetworkId } from "./create-container.ts";
import { createMountPoints } from "./mounts.ts";
import { fillVolumes } from "./volumes.ts";

/**
 * Applies the HostConfig that POST /containers/{id}/start carries up to API 1.23. It replaces the container's own, and
 * the mounts and networks follow from it (moby daemon/start.go).
 * @throws ApiError 400 for invalid settings
 */
export function applyLegacyStartConfig(engine: Engine, id: string, settings: HostConfig): void {
  const container = engine.containers.get(id) as Container;
  const hostConfig = withSharedNetworkId(engine, settings);
  checkHostConfig(hostConfig);
  const mounts = createMounts(engine, container, hostConfig);
  const isSameNetwork = hostConfig.NetworkMode === container.hostConfig.NetworkMode;
  fillVolumes(engine, mounts, getRuntime(engine, container).base);
  engine.containers.put({
    ...container,
    hostConfig,
    mounts: mergeMounts(container.mounts, mounts),
    networks: isSameNetwork ? container.networks : toEndpoints(engine.release, hostConfig, {}),
  });
}

/** Here dockerd answers 400 to every invalid mount. */
function createMounts(engine: Engine, { config }: Container, hostConfig: HostConfig): MountPoint[] {
  try {
    return createMountPoints(engine, { ...config, Volumes: null }, hostConfig);
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}

/** A later mount replaces an earlier one at the same path. */
function mergeMounts(early: readonly MountPoint[], late: readonly MountPoint[]): MountPoint[] {
  return [...new Map([...early, ...late].map((point) => [point.destination, point])).values()];
}
