/** Which image a step has made already (moby image/cache, runconfig/compare.go). */

import type { ContainerConfig } from "../../model/container-config.ts";
import { configOf, type SentConfig } from "../../model/container-config.ts";
import type { Image } from "../../model/image.ts";
import type { Engine } from "../engine.ts";

/** The newest that was made from `parentId` with the same settings. */
export function madeBefore({ images }: Engine, parentId: string, config: ContainerConfig): Image | undefined {
  const wanted = compared(config);
  return images
    .childrenOf(parentId)
    .filter(({ configuration }) => compared(configOf((configuration.container_config ?? {}) as SentConfig)) === wanted)
    .sort((one, other) => (one.created < other.created ? 1 : -1))[0];
}

/** What two runs must have in common; a host's name is not among it. */
function compared(config: ContainerConfig): string {
  const { User, Tty, OpenStdin, Cmd, Env, Labels, ExposedPorts = {}, Entrypoint, Volumes } = config;
  const keys = (map: object | null): string[] => Object.keys(map ?? {}).sort();
  const labels = Object.entries(Labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([
    User,
    Tty,
    OpenStdin,
    Cmd ?? [],
    Env ?? [],
    labels,
    keys(ExposedPorts),
    Entrypoint ?? [],
    keys(Volumes),
  ]);
}
