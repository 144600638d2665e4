/** Images that nobody has loaded, and that a behaviour stands for: a test needs no image for what is only played. */
import { createHash } from "node:crypto";
import { configOf } from "../../model/container-config.ts";
import type { Image } from "../../model/image.ts";
import type { Behaviour } from "./behaviour.ts";

const NS_PER_SECOND = 1_000_000_000;
/** Where nothing else is said, it is run. */
export const BEHAVIOUR = "/behaviour";

/** Undefined where a behaviour is for many images, or for those of any name. `base` has its files. */
export function imageFor(behaviour: Behaviour, base: Image): Image | undefined {
  const { image: name, ports = {}, health } = behaviour;
  if (name === undefined || name.includes("*")) return undefined;
  const config = configOf({
    ...base.config,
    Cmd: [BEHAVIOUR],
    ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [`${port}/tcp`, {}])),
    ...(health === undefined ? {} : { Healthcheck: { Test: ["CMD", BEHAVIOUR, "health"], Interval: NS_PER_SECOND } }),
  });
  const id = createHash("sha256")
    .update(`behaviour\0${name}\0${JSON.stringify(config)}`)
    .digest("hex");
  return { ...base, id: `sha256:${id}`, tags: [tagged(name)], config, parentId: "" };
}

function tagged(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).includes(":") ? name : `${name}:latest`;
}
