/** Checks mounts and their modes (moby volume/mounts/linux_parser.go). */
import { resolvePath } from "../../../userland/files/path.ts";
import { badParameter, systemError } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import type { HostConfig } from "../../model/host-config.ts";

/** The words of a bind's mode, by what they set. A mode has at most one word of each. */
const MODES: readonly ReadonlySet<string>[] = [
  "ro rw",
  "z Z",
  "nocopy",
  "consistent cached delegated",
  "private rprivate shared rshared slave rslave",
].map((words) => new Set(words.split(" ")));
const PROPAGATIONS = MODES.at(-1) as ReadonlySet<string>;
export const EXTRA_BIND_OPTIONS = "field BindOptions must not be specified";

/** Whether a text is the mode of a bind, such as `ro,z`. */
export function isMode(mode: string): boolean {
  if (mode === "") return true;
  const words = mode.split(",");
  return (
    words.every((word) => MODES.some((kind) => kind.has(word))) &&
    MODES.every((kind) => words.filter((word) => kind.has(word)).length <= 1)
  );
}

export function findPropagation(mode: string): string | undefined {
  return mode.split(",").find((word) => PROPAGATIONS.has(word));
}

/** Why a path cannot be the target of a mount. */
export function findTargetError(target: string): string | undefined {
  if (target === "") return "field Target must not be empty";
  if (target.startsWith("/") && resolvePath(target) === "/") return "invalid specification: destination can't be '/'";
  return target.startsWith("/") ? undefined : `invalid mount path: '${target}' mount path must be absolute`;
}

/** @throws ApiError 400 for a member of `Mounts` that dockerd refuses */
export function checkMount(mount: ApiJson, release: EngineRelease): void {
  const isImage = mount.Type === "image" && !isOlderEngine(release, "28");
  const findError = isImage ? findImageMountError : findMountError;
  const why = findTargetError(mount.Target ?? "") ?? findError(mount) ?? findSubpathError(mount);
  if (why !== undefined) throw badParameter(`invalid mount config for type "${mount.Type}": ${why}`);
}

/** Why the members of a mount contradict its type. */
function findMountError({ Type, Source = "", ReadOnly, BindOptions, VolumeOptions }: ApiJson): string | undefined {
  if (!["bind", "volume", "tmpfs"].includes(Type)) return "mount type unknown";
  if (Type !== "bind") {
    if (BindOptions != null) return EXTRA_BIND_OPTIONS;
    if (Type === "volume" && Source === "" && ReadOnly === true) return READONLY_ANONYMOUS;
    return Type === "tmpfs" && Source !== "" ? "field Source must not be specified" : undefined;
  }
  if (Source === "") return "field Source must not be empty";
  const propagation = BindOptions?.Propagation ?? "";
  if (propagation !== "" && !PROPAGATIONS.has(propagation)) return `invalid propagation mode: ${propagation}`;
  if (VolumeOptions != null) return "field VolumeOptions must not be specified";
  return Source.startsWith("/") ? undefined : `invalid mount path: '${Source}' mount path must be absolute`;
}

function findImageMountError({ Source = "", BindOptions, VolumeOptions }: ApiJson): string | undefined {
  if (BindOptions != null) return EXTRA_BIND_OPTIONS;
  if (VolumeOptions != null) return "field VolumeOptions must not be specified";
  return Source === "" ? "field Source must not be empty" : undefined;
}

function findSubpathError({ Type, Source = "", VolumeOptions, ImageOptions }: ApiJson): string | undefined {
  const subpath = (Type === "image" ? ImageOptions : VolumeOptions)?.Subpath ?? "";
  if (subpath === "") return undefined;
  if (Source === "") return "must not set Subpath when using anonymous volumes";
  const isInside = !subpath.startsWith("/") && /^\/in(\/|$)/.test(resolvePath(`/in/${subpath}`));
  return isInside ? undefined : "subpath must be a relative path within the volume";
}

/**
 * Checks at the start what dockerd 28 does not check before (moby daemon/volumes_unix.go).
 * @throws ApiError 500 for options of read-only binds that contradict each other
 */
export function checkReadOnlyOptions({ Mounts }: HostConfig): void {
  for (const { Type, ReadOnly, BindOptions } of (Mounts as ApiJson[] | null | undefined) ?? []) {
    if (Type !== "bind" || BindOptions == null) continue;
    const { ReadOnlyNonRecursive = false, ReadOnlyForceRecursive = false } = BindOptions;
    const conflict = "mount options conflict: ";
    if (!ReadOnly && ReadOnlyNonRecursive)
      throw systemError(`${conflict}!ReadOnly && BindOptions.ReadOnlyNonRecursive`);
    if (!ReadOnly && ReadOnlyForceRecursive) {
      throw systemError(`${conflict}!ReadOnly && BindOptions.ReadOnlyForceRecursive`);
    }
    if (ReadOnlyNonRecursive && ReadOnlyForceRecursive) {
      throw systemError(`${conflict}ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive`);
    }
  }
}

const READONLY_ANONYMOUS = "must not set ReadOnly mode when using anonymous volumes";
