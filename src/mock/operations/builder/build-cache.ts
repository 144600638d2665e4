/** Finds the image that a step created in an earlier build (moby image/cache, runconfig/compare.go). */

import type { ContainerConfig } from "../../model/container-config.ts";
import { type SentConfig, toContainerConfig } from "../../model/container-config.ts";
import type { Image } from "../../model/image.ts";
import type { Engine } from "../engine.ts";

/** The newest image on `parentId` with the same settings. */
export function findCached({ images }: Engine, parentId: string, config: ContainerConfig): Image | undefined {
  const key = toCacheKey(config);
  return images
    .findChildren(parentId)
    .filter(
      ({ configuration }) =>
        toCacheKey(toContainerConfig((configuration.container_config ?? {}) as SentConfig)) === key,
    )
    .sort((one, other) => (one.created < other.created ? 1 : -1))[0];
}

/** The settings that two steps must share. The host name is not one of them. */
function toCacheKey(config: ContainerConfig): string {
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
