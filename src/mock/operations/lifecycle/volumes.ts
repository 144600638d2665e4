/** Volumes: made once, kept until nobody mounts them and somebody removes them (moby volume/service). */

import { type DirectoryNode, directoryNode } from "../../../userland/files/node.ts";
import { nodeAt } from "../../../userland/files/tree.ts";
import { badParameter, conflict, notFound } from "../../model/api-error.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { Volume } from "../../model/volume.ts";
import type { Engine } from "../engine.ts";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** What the local driver can be told (moby volume/local/local_unix.go). */
const OPTIONS: ReadonlySet<string> = new Set(["device", "o", "size", "type"]);

export interface VolumeWish extends Pick<Volume, "name" | "labels" | "options"> {
  /** Empty where it is all one. */
  readonly driver: string;
  readonly isAnonymous?: boolean;
}

/** The volume of this name: the one that is there, or a new one. @throws Refusal 400, 404 */
export function volumeFor(engine: Engine, wish: VolumeWish): Volume {
  const { name, driver, labels, options, isAnonymous = false } = wish;
  if (!["", "local"].includes(driver)) {
    throw notFound(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  }
  const there = engine.volumes.get(name);
  if (there !== undefined) return there;
  checkWish(wish);
  const created = engine.time.stamp();
  const files = { root: directoryNode(Number(created / 1_000_000n)) };
  return engine.volumes.put({ name, driver: "local", created, labels, options, isAnonymous, files });
}

function checkWish({ name, options }: VolumeWish): void {
  if (name.length < 2) {
    throw badParameter(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  }
  if (!NAME.test(name)) {
    const what = `${JSON.stringify(name)} includes invalid characters for a local volume name`;
    const hint = "If you intended to pass a host directory, use absolute path";
    throw badParameter(`create ${name}: ${what}, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. ${hint}`);
  }
  const unknown = Object.keys(options ?? {}).find((option) => !OPTIONS.has(option));
  if (unknown !== undefined) throw badParameter(`create ${name}: invalid option: ${JSON.stringify(unknown)}`);
}

/** @throws Refusal 409 where a container has it, running or not */
export function removeVolume(engine: Engine, { name, driver }: Volume): void {
  const users = usersOf(engine, name).map(({ id }) => id);
  if (users.length > 0) throw conflict(`remove ${name}: volume is in use - [${users.join(", ")}]`);
  engine.volumes.delete(name);
  emitEvent(engine, "volume", "destroy", name, { driver });
}

/** Those that have it mounted, running or not. */
export function usersOf({ containers }: Engine, volume: string): Container[] {
  return [...containers].filter(({ mounts }) => mounts.some(({ name }) => name === volume));
}

/** A fresh volume begins with what the image has at its place (moby container/container_unix.go, CopyImagePathContent). */
export function fillVolumes(engine: Engine, mounts: readonly MountPoint[], root: DirectoryNode): void {
  for (const { name, destination, mode } of mounts) {
    const volume = name === undefined ? undefined : engine.volumes.get(name);
    if (volume === undefined || volume.files.root.children.size > 0 || mode.split(",").includes("nocopy")) continue;
    const content = nodeAt(
      root,
      destination.split("/").filter((segment) => segment !== ""),
    );
    if (content?.kind === "directory") volume.files.root = content;
  }
}
