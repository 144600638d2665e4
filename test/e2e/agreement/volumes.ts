import { type Probe, probe } from "./probe.ts";

const createVolume = (body: unknown): Probe => probe("VolumeCreate", "POST /volumes/create", { body });

const createMounting = (HostConfig: object): Probe =>
  probe("ContainerCreate", "POST /containers/create?name=bad", { body: { Image: "busybox", HostConfig } });

const making: readonly Probe[] = [
  probe("VolumeList", "GET /volumes"),
  probe("VolumeCreate", "POST /volumes/create"),
  ...[
    { Name: "x" },
    { Name: "a/b" },
    { Name: "bad", DriverOpts: { x: "y" } },
    {},
    { Name: "reef", Labels: { a: "b" } },
    { Name: "reef" },
    { Name: "special", DriverOpts: { type: "tmpfs", device: "tmpfs" } },
  ].map(createVolume),
  probe("VolumeInspect", "GET /volumes/reef", { values: [".Name", ".Labels", ".Options", ".Mountpoint", ".Driver"] }),
  probe("VolumeInspect", "GET /volumes/nosuch"),
  probe("VolumeList", "GET /volumes?filters=x"),
  probe("VolumeUpdate", "PUT /volumes/reef"),
  probe("VolumeDelete", "DELETE /volumes/nosuch"),
  probe("VolumeDelete", "DELETE /volumes/nosuch?force=1"),
];

const mounting: readonly Probe[] = [
  createMounting({ Binds: ["cave:/etc:nocopy", "other:/etc2:zzz"] }),
  createMounting({ Binds: ["x:/etc"] }),
  createMounting({ Binds: ["/a:/etc", "/b:/etc"] }),
  createMounting({ Binds: ["cave:/"] }),
  createMounting({ Mounts: [{ Type: "nosuch", Target: "/x" }] }),
  createMounting({ Mounts: [{ Type: "volume", Target: "" }] }),
  createMounting({ Mounts: [{ Type: "volume", Target: "x" }] }),
  createMounting({ Mounts: [{ Type: "bind", Target: "/x" }] }),
  probe("ContainerCreate", "POST /containers/create?name=diver", {
    body: {
      Image: "busybox",
      Cmd: ["sleep", "1000"],
      Volumes: { "/etc": {} },
      HostConfig: {
        Binds: ["cave:/data:ro", "deep:/deep:z"],
        Mounts: [
          { Type: "volume", Source: "chest", Target: "/chest", VolumeOptions: { Labels: { l: "1" } } },
          { Type: "tmpfs", Target: "/t" },
        ],
      },
    },
  }),
  probe("ContainerInspect", "GET /containers/diver/json", {
    sorted: [".Mounts.*.Destination", ".Mounts.*.Mode", ".Mounts.*.RW", ".Mounts.*.Type"],
  }),
  probe("ContainerStart", "POST /containers/diver/start"),
  probe("VolumeDelete", "DELETE /volumes/cave"),
  probe("VolumeDelete", "DELETE /volumes/cave?force=1"),
  ...['{"dangling":["true"]}', '{"name":["cave"]}', '{"label":["l=1"]}', '{"dangling":["x"]}', '{"nosuch":["x"]}'].map(
    (filters) => probe("VolumeList", `GET /volumes?filters=${filters}`, { sorted: [".Volumes.*.Labels"] }),
  ),
  probe("SystemDataUsage", "GET /system/df", { sorted: [".Volumes.*.UsageData.RefCount", ".Containers.*.Names"] }),
];

const ending: readonly Probe[] = [
  probe("ContainerDelete", "DELETE /containers/diver?force=1&v=1"),
  probe("VolumePrune", 'POST /volumes/prune?filters={"all":["true"]}'),
  probe("VolumePrune", "POST /volumes/prune?filters=x"),
  probe("VolumePrune", 'POST /volumes/prune?filters={"label":["a"]}', { values: [".VolumesDeleted"] }),
  probe("VolumePrune", "POST /volumes/prune"),
  probe("VolumePrune", "POST /volumes/prune"),
  probe("VolumeDelete", "DELETE /volumes/special"),
];

export const volumeProbes: readonly Probe[] = [...making, ...mounting, ...ending];
