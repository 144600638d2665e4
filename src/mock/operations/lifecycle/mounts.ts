/** What is mounted into a container: volumes and folders of the simulated host (moby volume/mounts). */

import { absolute } from "../../../userland/files/path.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import type { Container, MountPoint } from "../../model/container.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { HostConfig } from "../../model/host-config.ts";
import type { Shape } from "../../model/shapes.ts";
import type { Engine } from "../engine.ts";
import { type VolumeWish, volumeFor } from "./volumes.ts";

const VOLUMES = "/var/lib/docker/volumes";

/** What a volume's or a folder's mode may say (moby volume/mounts/linux_parser.go). */
const MODES: ReadonlySet<string> = new Set(
  "ro rw z Z nocopy consistent cached delegated private rprivate shared rshared slave rslave".split(" "),
);

/** @throws Refusal for what cannot be mounted */
export function mountPointsOf(engine: Engine, config: ContainerConfig, hostConfig: HostConfig): MountPoint[] {
  const points = new Map<string, MountPoint>();
  const add = (point: MountPoint): void => void points.set(point.destination, point);
  for (const reference of (hostConfig.VolumesFrom as string[] | null) ?? []) inherited(engine, reference).forEach(add);
  askedFor(engine, hostConfig).forEach(add);
  for (const path of Object.keys(config.Volumes ?? {})) if (!points.has(path)) add(anonymous(engine, path));
  return [...points.values()];
}

function askedFor(engine: Engine, { Binds, Mounts, VolumeDriver }: HostConfig): MountPoint[] {
  const points = [
    ...(Binds ?? []).map((bind) => boundBy(engine, bind, String(VolumeDriver ?? ""))),
    ...((Mounts as Shape[] | undefined) ?? []).map((mount) => mountedBy(engine, mount)),
  ];
  const places = points.map(({ destination }) => destination);
  const twice = places.find((destination, index) => places.indexOf(destination) !== index);
  if (twice !== undefined) throw badParameter(`Duplicate mount point: ${twice}`);
  return points;
}

function inherited(engine: Engine, reference: string): readonly MountPoint[] {
  const [name = "", mode = ""] = reference.split(":");
  try {
    const { mounts } = engine.containers.find(name);
    return mode === "ro" ? mounts.map((mount) => ({ ...mount, isWritable: false, mode })) : mounts;
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}

/** `name:/path:ro`, `/host/path:/path`, `/path`. */
function boundBy(engine: Engine, bind: string, driver: string): MountPoint {
  const parts = bind.split(":");
  const [source, destination = "", mode = ""] = parts.length === 1 ? [undefined, ...parts] : parts;
  const type = source?.startsWith("/") === true ? "bind" : "volume";
  const complain = (what: string): ApiError =>
    new ApiError(500, `invalid volume specification: '${bind}': invalid mount config for type "${type}": ${what}`);
  if (!destination.startsWith("/")) {
    throw complain(`invalid mount path: '${destination}' mount path must be absolute`);
  }
  if (absolute(destination) === "/") throw complain("invalid specification: destination can't be '/'");
  if (mode !== "" && !mode.split(",").every((word) => MODES.has(word)))
    throw new ApiError(500, `invalid mode: ${mode}`);
  const place = { destination: absolute(destination), mode, isWritable: !mode.split(",").includes("ro") };
  if (source === undefined) return anonymous(engine, place.destination);
  if (type === "bind") return hostFolder(absolute(source), place);
  return volumeMount(engine, source, { ...place, mode: mode || "z" }, { driver });
}

function mountedBy(engine: Engine, mount: Shape): MountPoint {
  const { Type, Source = "", Target = "", ReadOnly = false, VolumeOptions } = mount;
  const complain = (what: string): ApiError => badParameter(`invalid mount config for type "${Type}": ${what}`);
  if (!["bind", "volume", "tmpfs"].includes(Type)) throw complain("mount type unknown");
  if (Target === "") throw complain("field Target must not be empty");
  if (!Target.startsWith("/")) throw complain(`invalid mount path: '${Target}' mount path must be absolute`);
  const place = { destination: absolute(Target), mode: "", isWritable: !ReadOnly };
  if (Type === "bind" && Source === "") throw complain("field Source must not be empty");
  if (Type === "bind") return hostFolder(Source, place);
  if (Type === "tmpfs") return { type: "tmpfs", source: "", ...place, isWritable: true, propagation: "" };
  const name = Source === "" ? engine.random.id("volume") : Source;
  return volumeMount(
    engine,
    name,
    { ...place, mode: VolumeOptions?.NoCopy === true ? "nocopy" : "z" },
    {
      driver: VolumeOptions?.DriverConfig?.Name ?? "",
      options: VolumeOptions?.DriverConfig?.Options ?? null,
      labels: VolumeOptions?.Labels ?? null,
      isAnonymous: Source === "",
    },
  );
}

type Place = Pick<MountPoint, "destination" | "mode" | "isWritable">;

function hostFolder(source: string, place: Place): MountPoint {
  return { type: "bind", source, ...place, propagation: "rprivate" };
}

function anonymous(engine: Engine, destination: string): MountPoint {
  const place = { destination, mode: "", isWritable: true };
  return volumeMount(engine, engine.random.id("volume"), place, { isAnonymous: true });
}

function volumeMount(engine: Engine, name: string, place: Place, wish: Partial<VolumeWish>): MountPoint {
  const { driver } = volumeFor(engine, { name, driver: "", labels: null, options: null, ...wish });
  // Told as created also where it was there.
  emitEvent(engine, "volume", "create", name, { driver });
  return { type: "volume", name, source: mountpointOf(name), ...place, driver, propagation: "" };
}

export function mountpointOf(volume: string): string {
  return `${VOLUMES}/${volume}/_data`;
}

/** Told when a container starts, and when it stops. */
export function tellMounts(engine: Engine, { id, mounts }: Container, action: "mount" | "unmount"): void {
  for (const { type, name = "", driver = "", destination, isWritable, propagation } of mounts) {
    if (type !== "volume") continue;
    const where = { destination, propagation, "read/write": String(isWritable) };
    emitEvent(engine, "volume", action, name, { container: id, driver, ...(action === "mount" ? where : {}) });
  }
}
