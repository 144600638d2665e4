import type { Engine } from "../engine.ts";
import type { Container, MountPoint } from "../state/container.ts";
import { hostConfigOf } from "../state/host-config.ts";
import type { Shape } from "../version/shapes.ts";
import { checkHostConfig, networksOf, withSharedNetworks } from "./create.ts";
import { mountPointsOf } from "./mounts.ts";
import { fillVolumes } from "./volumes.ts";

/**
 * Settings of the host that come when a container is there already: what is mounted, and which networks it is in,
 * follows from them (moby daemon/start.go, up to API 1.23).
 * @throws Refusal for what the daemon would not have
 */
export function settleLate(engine: Engine, id: string, sent: Shape): void {
  const container = engine.containers.get(id) as Container;
  const hostConfig = withSharedNetworks(engine, hostConfigOf({ ...container.hostConfig, ...sent }));
  checkHostConfig(hostConfig);
  const mounts = mountPointsOf(engine, { ...container.config, Volumes: null }, hostConfig);
  const staysWhere = hostConfig.NetworkMode === container.hostConfig.NetworkMode;
  fillVolumes(engine, mounts, engine.machineOf(container).base);
  engine.containers.put({
    ...container,
    hostConfig,
    mounts: mergedMounts(container.mounts, mounts),
    networks: staysWhere ? container.networks : networksOf(hostConfig, {}),
  });
}

/** One of each place, the later one. */
function mergedMounts(early: readonly MountPoint[], late: readonly MountPoint[]): MountPoint[] {
  return [...new Map([...early, ...late].map((point) => [point.destination, point])).values()];
}
