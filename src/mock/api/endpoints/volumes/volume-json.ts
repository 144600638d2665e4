import { rfc3339Nano } from "../../../model/go-time.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Volume } from "../../../model/volume.ts";
import { mountpointOf } from "../../../operations/lifecycle/mounts.ts";

const SECOND = 1_000_000_000n;

/** From moby api/types/volume.go. The time has no fraction. */
export function toVolumeJson({ name, driver, created, labels, options }: Volume): Shape {
  return {
    CreatedAt: rfc3339Nano(created - (created % SECOND)),
    Driver: driver,
    Labels: labels,
    Mountpoint: mountpointOf(name),
    Name: name,
    Options: options,
    Scope: "local",
  };
}
