/** Creates mount points of containers: volumes, folders of the simulated host, and tmpfs (moby volume/mounts). */

import { resolvePath } from "../../../userland/files/path.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { HostConfig } from "../../model/host-config.ts";
import type { Engine } from "../engine.ts";
import { checkMount, EXTRA_BIND_OPTIONS, findPropagation, findTargetError, isMode } from "./check-mount.ts";
import { createVolume, type VolumeRequest } from "./volumes.ts";

const VOLUMES = "/var/lib/docker/volumes";

const LAYERS = "/var/lib/docker/overlay2";
const DEFAULT_PROPAGATION = "rprivate";

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

/** `container`, `container:ro`. The mounts keep everything but their mode. */
function inheritMounts(engine: Engine, reference: string): readonly MountPoint[] {
  if (reference === "") throw new ApiError(500, "volumes-from specification cannot be an empty string");
  const [name = "", mode = ""] = reference.split(/:(.*)/s);
  const words = mode.split(",");
  const isAllowed = isMode(mode) && !words.includes("nocopy") && findPropagation(mode) === undefined;
  if (!isAllowed) throw new ApiError(500, `invalid mode: ${mode}`);
  try {
    const { mounts } = engine.containers.find(name);
    return mounts.map((mount) => ({ ...mount, mode: "", isWritable: mount.isWritable && !words.includes("ro") }));
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}

/** `name:/path:ro`, `/host/path:/path`, `/path`. */
function parseBind(engine: Engine, bind: string, driver: string): MountPoint {
  const { source, target, mode } = splitBind(bind);
  const propagation = findPropagation(mode);
  const type = source.startsWith("/") ? "bind" : "volume";
  const why =
    findTargetError(target) ?? (type === "volume" && propagation !== undefined ? EXTRA_BIND_OPTIONS : undefined);
  if (why !== undefined) throw createBindError(bind, `invalid mount config for type "${type}": ${why}`);
  const place = { destination: resolvePath(target), mode, isWritable: !mode.split(",").includes("ro") };
  if (source === "") return createAnonymousMount(engine, place.destination);
  if (type === "bind") return createBindMount(resolvePath(source), place, propagation);
  return createVolumeMount(engine, source, { ...place, mode: mode || "z" }, { driver });
}

/** A path alone is the target. A mode needs a source. */
function splitBind(bind: string): { readonly source: string; readonly target: string; readonly mode: string } {
  const [first = "", second, mode = "", ...rest] = bind.split(":");
  if (first === "" || rest.length > 0) throw createBindError(bind);
  if (second === undefined) return { source: "", target: first, mode };
  const hasThird = bind.split(":").length === 3;
  if (!hasThird && isMode(second)) throw createBindError(bind);
  if (!isMode(mode)) throw new ApiError(500, `invalid mode: ${mode}`);
  return { source: first, target: second, mode };
}

function createBindError(bind: string, why?: string): ApiError {
  return new ApiError(500, `invalid volume specification: '${bind}'${why === undefined ? "" : `: ${why}`}`);
}

function toMountPoint(engine: Engine, mount: ApiJson): MountPoint {
  checkMount(mount, engine.release);
  const { Type, Source = "", Target, ReadOnly = false, BindOptions, VolumeOptions } = mount;
  const place = { destination: resolvePath(Target), mode: "", isWritable: !ReadOnly };
  if (Type === "bind") {
    checkBindSource(engine, Source, BindOptions);
    return createBindMount(Source, place, BindOptions?.Propagation);
  }
  if (Type === "tmpfs") return { type: "tmpfs", source: "", ...place, isWritable: true, propagation: "" };
  if (Type === "image") return createImageMount(engine, mount, place.destination);
  const name = Source === "" ? engine.random.drawId("volume") : Source;
  const mode = VolumeOptions?.NoCopy === true ? "nocopy" : "z";
  const { DriverConfig, Labels } = VolumeOptions ?? {};
  const point = createVolumeMount(
    engine,
    name,
    { ...place, mode },
    {
      driver: DriverConfig?.Name ?? "",
      options: DriverConfig?.Options ?? null,
      labels: Labels ?? null,
      isAnonymous: Source === "",
    },
  );
  return { ...point, ...toSubpath(VolumeOptions) };
}

/**
 * A bind in `Mounts` has to exist, where this machine's files are known; one in `Binds` is made.
 * @throws ApiError 400 for an unknown path, and no `CreateMountpoint`
 */
function checkBindSource({ hostFiles }: Engine, source: string, options: ApiJson | null | undefined): void {
  if (hostFiles === undefined || options?.CreateMountpoint === true || hostFiles(source) !== undefined) return;
  throw badParameter(`invalid mount config for type "bind": bind source path does not exist: ${source}`);
}

/** A whole image or a part of it, read-only (moby daemon/volumes.go). @throws ApiError 404 for an unknown image */
function createImageMount(engine: Engine, { Source, ImageOptions }: ApiJson, destination: string): MountPoint {
  const { id } = engine.images.find(Source);
  const source = `${LAYERS}/${engine.random.drawId("image mount")}/merged`;
  const target = { destination, mode: "", isWritable: false, propagation: DEFAULT_PROPAGATION };
  return { type: "image", name: Source, source, ...target, imageId: id, ...toSubpath(ImageOptions) };
}

function toSubpath(options: ApiJson | null | undefined): Pick<MountPoint, "subpath"> {
  return options?.Subpath ? { subpath: options.Subpath } : {};
}

type MountTarget = Pick<MountPoint, "destination" | "mode" | "isWritable">;

function createBindMount(source: string, target: MountTarget, propagation: string | undefined): MountPoint {
  return { type: "bind", source, ...target, propagation: propagation || DEFAULT_PROPAGATION };
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
  const { driver } = createVolume(engine, { name, driver: "", labels: null, options: null, ...request });
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
