import type { Engine } from "../engine.ts";
import type { Volume } from "../state/volume.ts";
import { Disk } from "../world/files/disk.ts";
import { directoryNode } from "../world/files/node.ts";
import { writeFiles } from "./files.ts";
import type { VolumeLiteral } from "./literal.ts";

export function placeVolume(engine: Engine, { name, labels, files }: VolumeLiteral): Volume {
  const created = engine.time.stamp();
  const nowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const cell = { root: directoryNode(nowMs()) };
  writeFiles(new Disk([{ at: "/", cell }], nowMs), files);
  const volume = engine.volumes.put({
    name,
    driver: "local",
    created,
    labels: labels ?? null,
    options: null,
    isAnonymous: false,
    files: cell,
  });
  engine.tell("volume", "create", name, { driver: "local" });
  return volume;
}
