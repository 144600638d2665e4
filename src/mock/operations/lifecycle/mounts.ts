/** Creates mount points of containers: volumes, folders of the simulated host, and tmpfs (moby volume/mounts). */

import { absolute } from "../../../userland/files/path.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { HostConfig } from "../../model/host-config.ts";
import type { Engine } from "../engine.ts";
import { ensureVolume, type VolumeRequest } from "./volumes.ts";

const VOLUMES = "/var/lib/docker/volumes";

/** The words of a bind's mode (moby volume/mounts/linux_parser.go). */
const MODES: ReadonlySet<string> = new Set(
  "ro rw z Z nocopy consistent cached delegated private rprivate shared rshared slave rslave".split(" "),
);

/** @throws ApiError 400 or 500 for an invalid mount */
export function createMountPoints(engine: Engine, config: ContainerConfig, hostConfig: HostConfig): MountPoint[] {
  const points = new Map<string, MountPoint>();
  const add = (point: MountPoint): void => void points.set(point.destination, point);
  for (const reference of (hostConfig.VolumesFrom as string[] | null) ?? [])
    inheritMounts(engine, reference).forEach(add);
  createRequestedMounts(engine, hostConfig).forEach(add);
  for (const path of Object.keys(config.Volumes ?? {})) if (!points.has(path)) add(createAnonymousMount(engine, path));
  return [...points.values()];
}

function createRequestedMounts(engine: Engine, { Binds, Mounts, VolumeDriver }: HostConfig): MountPoint[] {
  const points = [
    ...(Binds ?? []).map((bind) => parseBind(engine, bind, String(VolumeDriver ?? ""))),
    ...((Mounts as ApiJson[] | undefined) ?? []).map((mount) => toMountPoint(engine, mount)),
  ];
  const targets = points.map(({ destination }) => destination);
  const duplicate = targets.find((destination, index) => targets.indexOf(destination) !== index);
  if (duplicate !== undefined) throw badParameter(`Duplicate mount point: ${duplicate}`);
  return points;
}

function inheritMounts(engine: Engine, reference: string): readonly MountPoint[] {
  const [name = "", mode = ""] = reference.split(":");
  try {
    const { mounts } = engine.containers.find(name);
    return mode === "ro" ? mounts.map((mount) => ({ ...mount, isWritable: false, mode })) : mounts;
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}

/** `name:/path:ro`, `/host/path:/path`, `/path`. */
function parseBind(engine: Engine, bind: string, driver: string): MountPoint {
  const parts = bind.split(":");
  const [source, destination = "", mode = ""] = parts.length === 1 ? [undefined, ...parts] : parts;
  const type = source?.startsWith("/") === true ? "bind" : "volume";
  const createError = (what: string): ApiError =>
    new ApiError(500, `invalid volume specification: '${bind}': invalid mount config for type "${type}": ${what}`);
  if (!destination.startsWith("/")) {
    throw createError(`invalid mount path: '${destination}' mount path must be absolute`);
  }
  if (absolute(destination) === "/") throw createError("invalid specification: destination can't be '/'");
  if (mode !== "" && !mode.split(",").every((word) => MODES.has(word)))
    throw new ApiError(500, `invalid mode: ${mode}`);
  const target = { destination: absolute(destination), mode, isWritable: !mode.split(",").includes("ro") };
  if (source === undefined) return createAnonymousMount(engine, target.destination);
  if (type === "bind") return createBindMount(absolute(source), target);
  return createVolumeMount(engine, source, { ...target, mode: mode || "z" }, { driver });
}

function toMountPoint(engine: Engine, mount: ApiJson): MountPoint {
  const { Type, Source = "", Target = "", ReadOnly = false, VolumeOptions } = mount;
  const createError = (what: string): ApiError => badParameter(`invalid mount config for type "${Type}": ${what}`);
  if (!["bind", "volume", "tmpfs"].includes(Type)) throw createError("mount type unknown");
  if (Target === "") throw createError("field Target must not be empty");
  if (!Target.startsWith("/")) throw createError(`invalid mount path: '${Target}' mount path must be absolute`);
  const target = { destination: absolute(Target), mode: "", isWritable: !ReadOnly };
  if (Type === "bind" && Source === "") throw createError("field Source must not be empty");
  if (Type === "bind") return createBindMount(Source, target);
  if (Type === "tmpfs") return { type: "tmpfs", source: "", ...target, isWritable: true, propagation: "" };
  const name = Source === "" ? engine.random.drawId("volume") : Source;
  return createVolumeMount(
    engine,
    name,
    { ...target, mode: VolumeOptions?.NoCopy === true ? "nocopy" : "z" },
    {
      driver: VolumeOptions?.DriverConfig?.Name ?? "",
      options: VolumeOptions?.DriverConfig?.Options ?? null,
      labels: VolumeOptions?.Labels ?? null,
      isAnonymous: Source === "",
    },
  );
}

type MountTarget = Pick<MountPoint, "destination" | "mode" | "isWritable">;

function createBindMount(source: string, target: MountTarget): MountPoint {
  return { type: "bind", source, ...target, propagation: "rprivate" };
}

function createAnonymousMount(engine: Engine, destination: string): MountPoint {
  const target = { destination, mode: "", isWritable: true };
  return createVolumeMount(engine, engine.random.drawId("volume"), target, { isAnonymous: true });
}

function createVolumeMount(
  engine: Engine,
  name: string,
  target: MountTarget,
  request: Partial<VolumeRequest>,
): MountPoint {
  const { driver } = ensureVolume(engine, { name, driver: "", labels: null, options: null, ...request });
  // dockerd emits `create` even for a volume that exists.
  emitEvent(engine, "volume", "create", name, { driver });
  return { type: "volume", name, source: toMountpoint(name), ...target, driver, propagation: "" };
}

export function toMountpoint(volume: string): string {
  return `${VOLUMES}/${volume}/_data`;
}

/** Emits the volume events of a container that starts or stops. */
export function emitMountEvents(engine: Engine, { id, mounts }: Container, action: "mount" | "unmount"): void {
  for (const { type, name = "", driver = "", destination, isWritable, propagation } of mounts) {
    if (type !== "volume") continue;
    const where = { destination, propagation, "read/write": String(isWritable) };
    emitEvent(engine, "volume", action, name, { container: id, driver, ...(action === "mount" ? where : {}) });
  }
}
