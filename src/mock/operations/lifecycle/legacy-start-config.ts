import { ApiError, badParameter } from "../../model/api-error.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { checkHostConfig, networksOf, withSharedNetworks } from "./create.ts";
import { mountPointsOf } from "./mounts.ts";
import { fillVolumes } from "./volumes.ts";

/**
 * Settings of the host that come when a container is there already, in place of those that it has: what is mounted, and
 * which networks it is in, follows from them (moby daemon/start.go, up to API 1.23).
 * @throws Refusal 400 for what the daemon would not have
 */
export function settleLate(engine: Engine, id: string, settings: HostConfig): void {
  const container = engine.containers.get(id) as Container;
  const hostConfig = withSharedNetworks(engine, settings);
  checkHostConfig(hostConfig);
  const mounts = mountsOf(engine, container, hostConfig);
  const staysWhere = hostConfig.NetworkMode === container.hostConfig.NetworkMode;
  fillVolumes(engine, mounts, runtimeOf(engine, container).base);
  engine.containers.put({
    ...container,
    hostConfig,
    mounts: mergedMounts(container.mounts, mounts),
    networks: staysWhere ? container.networks : networksOf(hostConfig, {}),
  });
}

/** Whatever is wrong with them, is the client's fault here. */
function mountsOf(engine: Engine, { config }: Container, hostConfig: HostConfig): MountPoint[] {
  try {
    return mountPointsOf(engine, { ...config, Volumes: null }, hostConfig);
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}

/** One of each place, the later one. */
function mergedMounts(early: readonly MountPoint[], late: readonly MountPoint[]): MountPoint[] {
  return [...new Map([...early, ...late].map((point) => [point.destination, point])).values()];
}
