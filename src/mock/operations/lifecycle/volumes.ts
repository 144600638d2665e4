/** Creates, fills and removes volumes (moby volume/service). */

import { createDirectoryNode, type DirectoryNode } from "../../../userland/files/node.ts";
import { findNode } from "../../../userland/files/tree.ts";
import { badParameter, conflictError, notFound } from "../../model/api-error.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { Volume } from "../../model/volume.ts";
import type { Engine } from "../engine.ts";

/** dockerd 28 marks volumes without a name of their own by this label. */
export const ANONYMOUS_LABEL = "com.docker.volume.anonymous";
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** The options of the local driver (moby volume/local/local_unix.go). */
const OPTIONS: ReadonlySet<string> = new Set(["device", "o", "size", "type"]);

export interface VolumeRequest extends Pick<Volume, "name" | "labels" | "options"> {
  /** Empty for any driver. */
  readonly driver: string;
  readonly isAnonymous?: boolean;
}

/** As `ensureVolume`, with an event. dockerd 20.10 emits `create` even for a volume that exists. */
export function createVolume(engine: Engine, request: VolumeRequest): Volume {
  const isNew = engine.volumes.get(request.name) === undefined;
  const volume = ensureVolume(engine, request);
  if (isNew || isOlderEngine(engine.release, "28")) {
    emitEvent(engine, "volume", "create", volume.name, { driver: volume.driver });
  }
  return volume;
}

/** The volume of this name, which is created if it does not exist. @throws ApiError 400 for an invalid name or option, 404 for an unknown driver */
export function ensureVolume(engine: Engine, request: VolumeRequest): Volume {
  const { name, driver, labels, options, isAnonymous = false } = request;
  if (!["", "local"].includes(driver)) {
    throw notFound(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  }
  const existing = engine.volumes.get(name);
  if (existing !== undefined) return existing;
  checkVolumeRequest(request);
  const created = engine.time.stamp();
  const files = { root: createDirectoryNode(Number(created / 1_000_000n)) };
  const isMarked = isAnonymous && !isOlderEngine(engine.release, "28");
  const ownLabels = isMarked ? { ...labels, [ANONYMOUS_LABEL]: "" } : labels;
  return engine.volumes.put({ name, driver: "local", created, labels: ownLabels, options, isAnonymous, files });
}

function checkVolumeRequest({ name, options }: VolumeRequest): void {
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

/** @throws ApiError 409 for a volume that a container mounts, running or not */
export function removeVolume(engine: Engine, { name, driver }: Volume): void {
  const users = listVolumeUsers(engine, name).map(({ id }) => id);
  if (users.length > 0) throw conflictError(`remove ${name}: volume is in use - [${users.join(", ")}]`);
  engine.volumes.delete(name);
  emitEvent(engine, "volume", "destroy", name, { driver });
}

/** The containers that mount a volume, running or not. */
export function listVolumeUsers({ containers }: Engine, volume: string): Container[] {
  return [...containers].filter(({ mounts }) => mounts.some(({ name }) => name === volume));
}

/** Fills an empty volume with the image's files at its path (moby container/container_unix.go, CopyImagePathContent). */
export function fillVolumes(engine: Engine, mounts: readonly MountPoint[], root: DirectoryNode): void {
  for (const { name, destination, mode } of mounts) {
    const volume = name === undefined ? undefined : engine.volumes.get(name);
    if (volume === undefined || volume.files.root.children.size > 0 || mode.split(",").includes("nocopy")) continue;
    const content = findNode(
      root,
      destination.split("/").filter((segment) => segment !== ""),
    );
    if (content?.kind === "directory") volume.files.root = content;
  }
}
