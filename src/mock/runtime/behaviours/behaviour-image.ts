/** Creates images for behaviours, so that a test needs no real image for a behaviour's name. */
import { createHash } from "node:crypto";
import { toContainerConfig } from "../../model/container-config.ts";
import type { Image } from "../../model/image.ts";
import type { Behaviour } from "./behaviour.ts";

const NS_PER_SECOND = 1_000_000_000;
/** The command of such an image. A behaviour without a script stays running. */
export const BEHAVIOUR_PATH = "/behaviour";

/** The image that a behaviour names, with the files of `base`. Undefined for a pattern of names. */
export function createBehaviourImage(behaviour: Behaviour, base: Image): Image | undefined {
  const { image: name, ports = {}, health } = behaviour;
  if (name === undefined || name.includes("*")) return undefined;
  const config = toContainerConfig({
    ...base.config,
    Cmd: [BEHAVIOUR_PATH],
    ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [`${port}/tcp`, {}])),
    ...(health === undefined
      ? {}
      : { Healthcheck: { Test: ["CMD", BEHAVIOUR_PATH, "health"], Interval: NS_PER_SECOND } }),
  });
  const id = createHash("sha256")
    .update(`behaviour\0${name}\0${JSON.stringify(config)}`)
    .digest("hex");
  return { ...base, id: `sha256:${id}`, tags: [withLatestTag(name)], config, parentId: "" };
}

function withLatestTag(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).includes(":") ? name : `${name}:latest`;
}
