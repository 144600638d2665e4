import type { Engine } from "../engine.ts";
import { volumeFor } from "../lifecycle/volumes.ts";
import { conflict } from "../refusal.ts";
import type { Volume } from "../state/volume.ts";
import { Disk } from "../world/files/disk.ts";
import { writeFiles } from "./files.ts";
import type { VolumeLiteral } from "./literal.ts";

/** @throws Refusal for what the daemon would not create, and where there is one of that name */
export function placeVolume(engine: Engine, { name, labels, files }: VolumeLiteral): Volume {
  if (engine.volumes.get(name) !== undefined) throw conflict(`volume with name ${name} already exists`);
  const volume = volumeFor(engine, { name, driver: "local", labels: labels ?? null, options: null });
  writeFiles(new Disk([{ at: "/", cell: volume.files }], () => Number(volume.created / 1_000_000n)), files);
  engine.tell("volume", "create", name, { driver: volume.driver });
  return volume;
}
