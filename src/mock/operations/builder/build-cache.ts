/** Finds the image that a step created in an earlier build (moby image/cache, runconfig/compare.go). */

import {
  type ContainerConfig,
  type Healthcheck,
  type SentConfig,
  toContainerConfig,
} from "../../model/container-config.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { Image } from "../../model/image.ts";
import type { Engine } from "../engine.ts";

/** The newest image on `parentId` with the same settings. */
export function findCached({ images, release }: Engine, parentId: string, config: ContainerConfig): Image | undefined {
  const isOld = isOlderEngine(release, "28");
  const toCacheKey = isOld ? toOldCacheKey : toNewCacheKey;
  if (!isOld && inheritsTimes(images.get(parentId)?.config.Healthcheck, config.Healthcheck)) return undefined;
  const key = toCacheKey(config);
  return images
    .findChildren(parentId)
    .filter(
      ({ configuration }) =>
        toCacheKey(toContainerConfig((configuration.container_config ?? {}) as SentConfig)) === key,
    )
    .sort((one, other) => (one.created < other.created ? 1 : -1))[0];
}

/**
 * dockerd 28 compares a health check before it inherits times with the one that it has committed after. So it never
 * finds such a step (moby image/cache/compare.go, daemon/commit.go).
 */
function inheritsTimes(before: Healthcheck | undefined, { Test = [], ...times }: Healthcheck = {}): boolean {
  if (before === undefined || JSON.stringify(Test) === JSON.stringify(before.Test ?? [])) return false;
  return Object.entries(times).some(([name, value]) => value === before[name as keyof Healthcheck]);
}

/** dockerd 28 compares more settings than 20.10. */
function toNewCacheKey(config: ContainerConfig): string {
  const { Shell = [], OnBuild, WorkingDir, StopSignal = "", Healthcheck = {} } = config;
  return JSON.stringify([toOldCacheKey(config), Shell, OnBuild ?? [], WorkingDir, StopSignal, Healthcheck]);
}

/** The settings that two steps must share. The host name is not one of them. */
function toOldCacheKey(config: ContainerConfig): string {
  const { User, Tty, OpenStdin, Cmd, Env, Labels, ExposedPorts = {}, Entrypoint, Volumes } = config;
  const sortedKeys = (map: object | null): string[] => Object.keys(map ?? {}).sort();
  const labels = Object.entries(Labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([
    User,
    Tty,
    OpenStdin,
    Cmd ?? [],
    Env ?? [],
    labels,
    sortedKeys(ExposedPorts),
    Entrypoint ?? [],
    sortedKeys(Volumes),
  ]);
}
