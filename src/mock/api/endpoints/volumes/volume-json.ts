import type { ApiJson } from "../../../model/api-json.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import type { Volume } from "../../../model/volume.ts";
import { toMountpoint } from "../../../operations/lifecycle/mounts.ts";

const SECOND = 1_000_000_000n;

/** From moby api/types/volume.go. The time has no fraction. */
export function toVolumeJson({ name, driver, created, labels, options }: Volume): ApiJson {
  return {
    CreatedAt: formatRfc3339Nano(created - (created % SECOND)),
    Driver: driver,
    Labels: labels,
    Mountpoint: toMountpoint(name),
    Name: name,
    Options: options,
    Scope: "local",
  };
}
