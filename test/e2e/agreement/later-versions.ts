/** What API 1.42 to 1.51 changed: new members, parameters and errors, each asked in all versions. */
import { type Probe, probe } from "./probe.ts";

const SLEEPER = { Image: "busybox", Cmd: ["sleep", "1000"] };
const LINUX = '{"os":"linux","architecture":"amd64"}';
const ARM = '{"os":"linux","architecture":"arm64","variant":"v8"}';

const create = (name: string, body: object, more: Partial<Probe> = {}): Probe =>
  probe("ContainerCreate", `POST /containers/create?name=${name}`, {
    body: { ...SLEEPER, ...body },
    values: [".Warnings"],
    ...more,
  });
const inspect = (name: string, ...values: string[]): Probe =>
  probe("ContainerInspect", `GET /containers/${name}/json`, { values });
const remove = (name: string): Probe => probe("ContainerDelete", `DELETE /containers/${name}?force=1&v=1`);

const mounting: readonly Probe[] = [
  ...[
    { Type: "volume", Source: "late", Target: "/v", BindOptions: {} },
    { Type: "volume", Source: "late", Target: "/v", TmpfsOptions: { SizeBytes: 65536 } },
    { Type: "tmpfs", Target: "/t", VolumeOptions: { NoCopy: true } },
    { Type: "tmpfs", Target: "/t", TmpfsOptions: { Options: [["exec"]] } },
    { Type: "bind", Source: "/tmp", Target: "/b", BindOptions: { ReadOnlyForceRecursive: true } },
    { Type: "volume", Source: "late", Target: "/v", VolumeOptions: { Subpath: "sub" } },
    { Type: "volume", Source: "late", Target: "/v", VolumeOptions: { Subpath: "/sub" } },
    { Type: "volume", Target: "/v", VolumeOptions: { Subpath: "sub" } },
  ].flatMap((mount) => [
    create("late", { HostConfig: { Mounts: [mount] } }),
    probe("ContainerStart", "POST /containers/late/start"),
    remove("late"),
  ]),
  create("late", { HostConfig: { VolumeDriver: "local", Mounts: [{ Type: "volume", Source: "late", Target: "/v" }] } }),
  remove("late"),
  probe("VolumeDelete", "DELETE /volumes/late"),
];

const imageMounts: readonly Probe[] = [
  { Source: "busybox", Target: "/image" },
  { Source: "busybox", Target: "/image", ImageOptions: { Subpath: "bin" } },
  { Source: "nosuch", Target: "/image" },
  { Target: "/image" },
  { Source: "busybox", Target: "/image", ImageOptions: { Subpath: "../x" } },
  { Source: "busybox", Target: "/image", VolumeOptions: {} },
].flatMap((mount) => [
  create("late", {
    Cmd: ["sh", "-c", "exec 2>&1; cd /image; ls -d etc sh 2>/dev/null; touch /image/x"],
    HostConfig: { Mounts: [{ Type: "image", ...mount }] },
  }),
  probe("ContainerStart", "POST /containers/late/start", { settles: 600 }),
  probe("ContainerLogs", "GET /containers/late/logs?stdout=1&stderr=1"),
  inspect("late", ".Mounts.*.Type", ".Mounts.*.Name", ".Mounts.*.RW", ".HostConfig.Mounts"),
  remove("late"),
]);

const MAC = "02:42:ac:11:00:99";
const HOST_CONFIG = {
  Annotations: { tide: "low" },
  ConsoleSize: [7, 8],
  KernelMemory: 8_000_000,
  PidsLimit: -1,
  RestartPolicy: { Name: "on-failure" },
};

const settings: readonly Probe[] = [
  create("late", {
    Healthcheck: { Test: ["CMD", "true"], StartInterval: 2e9, StartPeriod: 5e9 },
    HostConfig: HOST_CONFIG,
  }),
  inspect(
    "late",
    ".Config.Healthcheck",
    ".HostConfig.Annotations",
    ".HostConfig.ConsoleSize",
    ".HostConfig.KernelMemory",
    ".HostConfig.PidsLimit",
    ".HostConfig.NetworkMode",
    ".HostConfig.RestartPolicy",
  ),
  probe("ContainerList", "GET /containers/json?all=1", { values: [".*.HostConfig"] }),
  probe("ContainerUpdate", "POST /containers/late/update", { since: "1.22", body: { KernelMemory: 9_000_000 } }),
  inspect("late", ".HostConfig.KernelMemory"),
  remove("late"),
  create("late", { Healthcheck: { Test: ["CMD", "true"], StartInterval: 5 } }),
  remove("late"),
  create("late", { HostConfig: { Sysctls: { "net.ipv4.conf.eth0.log_martians": "1", "net.ipv4.ip_forward": "1" } } }),
  inspect("late", ".HostConfig.Sysctls", ".NetworkSettings.Networks.bridge.DriverOpts"),
  remove("late"),
  create("late", { HostConfig: { Sysctls: { "net.ipv4.conf.eth1.log_martians": "1" } } }),
  remove("late"),
];

const endpoint = (EndpointsConfig: object, body: object = {}, more: Partial<Probe> = {}): Probe =>
  create("late", { NetworkingConfig: { EndpointsConfig }, ...body }, more);

const networking: readonly Probe[] = [
  create("late", { MacAddress: MAC }),
  inspect("late", ".Config.MacAddress", ".NetworkSettings.MacAddress", ".NetworkSettings.Networks.bridge.MacAddress"),
  probe("ContainerStart", "POST /containers/late/start"),
  inspect("late", ".NetworkSettings.Networks.bridge.MacAddress"),
  remove("late"),
  create("late", { MacAddress: MAC, HostConfig: { NetworkMode: "host" } }),
  remove("late"),
  endpoint({ bridge: { MacAddress: "02:42:ac:11:00:98", GwPriority: 7 } }),
  inspect("late", ".NetworkSettings.Networks.bridge.GwPriority"),
  remove("late"),
  endpoint({ bridge: { MacAddress: "02:42:ac:11:00:98" } }, { MacAddress: MAC }),
  remove("late"),
  endpoint({ bridge: {}, other: {} }, {}, { since: "1.44" }),
  remove("late"),
  endpoint({ other: {} }, { MacAddress: MAC }),
  remove("late"),
  endpoint({ bridge: { MacAddress: "zz" } }),
  remove("late"),
  endpoint({ bridge: { Aliases: ["a"], IPAMConfig: { IPv4Address: "bad" } } }),
  remove("late"),
  probe("NetworkCreate", "POST /networks/create", {
    body: { Name: "late", IPAM: { Config: [{ Subnet: "10.77.0.0/24" }] } },
  }),
  ...[
    { Subnet: "10.78.0.1/24" },
    { Subnet: "10.78.0.0/24", IPRange: "x" },
    { Subnet: "10.78.0.0/24", Gateway: "x" },
  ].flatMap((config) => [
    probe("NetworkCreate", "POST /networks/create", { body: { Name: "bad", IPAM: { Config: [config] } } }),
    probe("NetworkDelete", "DELETE /networks/bad"),
  ]),
  // dockerd 20.10 keeps the pool of a network that it refuses for this.
  probe("NetworkCreate", "POST /networks/create", {
    body: { Name: "bad", IPAM: { Config: [{ Subnet: "10.78.0.0/24", AuxiliaryAddresses: { one: "10.99.0.1" } }] } },
    since: "1.44",
  }),
  // Before 1.44 these were not checked.
  ...["10.79.0.0/25", "10.78.0.0/16", "10.78.0.9/25"].map((IPRange) =>
    probe("NetworkCreate", "POST /networks/create", {
      body: { Name: "bad", IPAM: { Config: [{ Subnet: "10.78.0.0/24", IPRange }] } },
      since: "1.44",
    }),
  ),
  probe("NetworkCreate", "POST /networks/create", { body: { Name: "late", CheckDuplicate: true } }),
  endpoint(
    { late: { Aliases: ["boat"], IPAMConfig: { IPv4Address: "10.77.0.9" }, GwPriority: 3 } },
    { HostConfig: { NetworkMode: "late" }, Hostname: "shore" },
  ),
  inspect("late", ".NetworkSettings.Networks.late.Aliases", ".NetworkSettings.Networks.late.DNSNames"),
  probe("ContainerStart", "POST /containers/late/start"),
  inspect(
    "late",
    ".NetworkSettings.Networks.late.Aliases",
    ".NetworkSettings.Networks.late.DNSNames",
    ".NetworkSettings.Networks.late.IPAddress",
  ),
  probe("NetworkConnect", "POST /networks/bridge/connect", {
    body: { Container: "late", EndpointConfig: { MacAddress: MAC, GwPriority: 9 } },
  }),
  inspect("late", ".NetworkSettings.Networks.bridge.GwPriority"),
  probe("ContainerRename", "POST /containers/late/rename?name=later"),
  inspect("later", ".NetworkSettings.Networks.late.DNSNames"),
  remove("later"),
  probe("NetworkDelete", "DELETE /networks/late"),
];

const waiting: readonly Probe[] = [
  create("late", {}),
  probe("ContainerWait", "POST /containers/late/wait?condition=soon", { hears: 300, since: "1.30" }),
  probe("ContainerStart", "POST /containers/late/start"),
  probe("ContainerStop", "POST /containers/late/stop?signal=NOSUCH&t=0"),
  probe("ContainerStart", "POST /containers/late/start"),
  // Versions that ignore the signal send TERM, and then wait for a process that ignores it.
  probe("ContainerRestart", "POST /containers/late/restart?signal=KILL&t=1"),
  probe("ContainerStats", "GET /containers/late/stats?one-shot=1&stream=1", { hears: 300, hasBody: true }),
  probe("ContainerList", 'GET /containers/json?filters={"health":["ill"]}'),
  remove("late"),
];

const images: readonly Probe[] = [
  ...["shared-size=1", "manifests=1", 'filters={"until":["1s"]}', 'filters={"until":["x"]}'].map((query) =>
    probe("ImageList", `GET /images/json?${query}`),
  ),
  ...[`platform=${LINUX}`, `platform=${ARM}`, "platform=x", "platform={}", 'platform={"variant":"v8"}'].flatMap(
    (query) => [
      probe("ImageInspect", `GET /images/busybox/json?${query}`),
      probe("ImageHistory", `GET /images/busybox/history?${query}`),
      probe("ImageGet", `GET /images/nosuch/get?${query}`),
    ],
  ),
  probe("ImageInspect", `GET /images/busybox/json?manifests=1&platform=${LINUX}`),
  probe("ImageInspect", "GET /images/busybox/json?manifests=1"),
  probe("ImageTag", "POST /images/busybox/tag?repo=late"),
  probe("ImageDelete", `DELETE /images/late?platforms=${ARM}`),
  probe("ImageTag", "POST /images/busybox/tag?repo=late"),
  probe("ImageDelete", `DELETE /images/late?platforms=${LINUX}`),
  probe("ImageDelete", `DELETE /images/busybox?platforms=${LINUX}&platforms=${ARM}`, { since: "1.50" }),
];

const usage: readonly Probe[] = [
  ...["type=container", "type=image&type=volume", "type=build-cache", "type=nosuch"].map((query) =>
    probe("SystemDataUsage", `GET /system/df?${query}`),
  ),
  probe("BuildPrune", "POST /build/prune?reserved-space=1"),
  probe("BuildPrune", "POST /build/prune?max-used-space=x"),
  probe("SystemEvents", "GET /events?since=1&until=2", { headers: ["Accept: application/json-seq"] }),
  probe("VolumeCreate", "POST /volumes/create", { body: { Name: "kept" } }),
  probe("VolumeCreate", "POST /volumes/create", { body: {} }),
  probe("VolumePrune", "POST /volumes/prune"),
  probe("VolumeList", 'GET /volumes?filters={"name":["kept"]}', { values: [".Volumes.*.Name"] }),
  probe("VolumePrune", 'POST /volumes/prune?filters={"all":["x"]}', { since: "1.42" }),
  probe("VolumePrune", 'POST /volumes/prune?filters={"all":["1"]}', { since: "1.42" }),
];

export const laterProbes: readonly Probe[] = [
  mounting,
  imageMounts,
  settings,
  networking,
  waiting,
  images,
  usage,
].flat();
