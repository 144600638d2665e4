/** How a container is run on its host (moby api/types/container/host_config.go). */
import type { Shape } from "./shapes.ts";

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export interface HostConfig extends Shape {
  readonly Binds: readonly string[] | null;
  readonly NetworkMode: string;
  readonly Links: readonly string[] | null;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>> | null;
  readonly RestartPolicy: RestartPolicy;
  readonly AutoRemove: boolean;
  readonly Memory: number;
}

const MASKED = "asound acpi kcore keys latency_stats timer_list timer_stats sched_debug scsi"
  .split(" ")
  .map((name) => `/proc/${name}`)
  .concat("/sys/firmware");
const READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** As the daemon tells it where a client has sent nothing, in its order. */
const DEFAULTS: Shape = {
  Binds: null,
  ContainerIDFile: "",
  LogConfig: { Type: "json-file", Config: {} },
  NetworkMode: "default",
  PortBindings: null,
  RestartPolicy: { Name: "", MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: "",
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: "host",
  Dns: null,
  DnsOptions: null,
  DnsSearch: null,
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: "private",
  Cgroup: "",
  Links: null,
  LxcConf: undefined,
  OomScoreAdj: 0,
  PidMode: "",
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  StorageOpt: undefined,
  Tmpfs: undefined,
  UTSMode: "",
  UsernsMode: "",
  ShmSize: 67_108_864,
  Sysctls: undefined,
  Runtime: undefined,
  ConsoleSize: [0, 0],
  Isolation: "",
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: "",
  BlkioWeight: 0,
  BlkioWeightDevice: null,
  BlkioDeviceReadBps: null,
  BlkioDeviceWriteBps: null,
  BlkioDeviceReadIOps: null,
  BlkioDeviceWriteIOps: null,
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: "",
  CpusetMems: "",
  Devices: null,
  DeviceCgroupRules: null,
  DeviceRequests: null,
  KernelMemory: 0,
  KernelMemoryTCP: 0,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: false,
  PidsLimit: null,
  Ulimits: null,
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  Mounts: undefined,
  MaskedPaths: MASKED,
  ReadonlyPaths: READONLY,
  Init: undefined,
};

/** What a client sends, with the daemon's defaults where it is silent; what no daemon knows is left out. */
export function hostConfigOf(sent: Shape): HostConfig {
  const known = Object.keys(DEFAULTS).map((name) => [name, chosen(name, sent)] as const);
  const isPrivileged = sent.Privileged === true;
  return {
    ...Object.fromEntries(known),
    ...(isPrivileged ? { MaskedPaths: null, ReadonlyPaths: null } : {}),
  } as unknown as HostConfig;
}

/** Empty words, numbers that mean no limit, and zeros where the daemon puts a number of its own, count as silence. */
function chosen(name: string, sent: Shape): unknown {
  const [value, fallback] = [sent[name], DEFAULTS[name]];
  if (value === undefined) return fallback;
  if (isSilent(name, value)) return fallback;
  if (name === "PortBindings") return portBindingsOf(value as Shape);
  if (name === "LogConfig") return logConfigOf(value as Shape);
  if (name === "RestartPolicy") return { Name: "", MaximumRetryCount: 0, ...(value as Shape) };
  return value;
}

/** moby daemon/daemon_unix.go (fixMemorySwappiness), api/server/router/container (PidsLimit). */
function isSilent(name: string, value: unknown): boolean {
  if (name === "ShmSize") return value === null || value === 0;
  if (name === "PidsLimit") return typeof value !== "number" || value <= 0;
  if (name === "MemorySwappiness") return value === null || value === -1;
  return value === null || value === "";
}

/** A binding may be as short as `{}`: any port of any address. */
function portBindingsOf(sent: Shape): Shape {
  const bindings = (list: readonly Partial<PortBinding>[] | null): readonly PortBinding[] | null =>
    list?.map(({ HostIp = "", HostPort = "" }) => ({ HostIp, HostPort })) ?? null;
  return Object.fromEntries(Object.entries(sent).map(([port, list]) => [port, bindings(list)]));
}

function logConfigOf({ Type, Config }: Shape): Shape {
  return { Type: Type || "json-file", Config: Config ?? {} };
}
