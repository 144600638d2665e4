/** A container's HostConfig (moby api/types/container/host_config.go). */
import type { ApiJson } from "./api-json.ts";
import { type EngineRelease, isOlderEngine } from "./engine-release.ts";

export interface PortBinding {
  readonly HostIp: string;
  readonly HostPort: string;
}

export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export interface HostConfig extends ApiJson {
  readonly Binds: readonly string[] | null;
  readonly NetworkMode: string;
  readonly Links: readonly string[] | null;
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>> | null;
  readonly RestartPolicy: RestartPolicy;
  readonly AutoRemove: boolean;
  readonly Memory: number;
}

/** The members that 28 has behind `VolumesFrom`. */
const MOVED = ["ConsoleSize", "Annotations"];
/** The limits that 28 omits if they are not set. */
const OMITTED_IF_ZERO = ["KernelMemory", "KernelMemoryTCP"];

const MASKED = "asound acpi kcore keys latency_stats timer_list timer_stats sched_debug scsi"
  .split(" ")
  .map((name) => `/proc/${name}`)
  .concat("/sys/firmware");
/** dockerd 28 also masks these. */
const MASKED_28 = ["/proc/interrupts", "/sys/devices/virtual/powercap"];
const READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** All members in dockerd's order, with its defaults. */
const DEFAULTS: ApiJson = {
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
  Annotations: undefined,
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

/** The members in the order of dockerd 28. */
const ORDER_28 = Object.keys(DEFAULTS)
  .filter((name) => !MOVED.includes(name))
  .flatMap((name) => (name === "VolumesFrom" ? [name, ...MOVED] : [name]));

/** Completes a client's HostConfig with the defaults, and drops unknown members. */
export function toHostConfig(sent: ApiJson): HostConfig {
  const known = Object.keys(DEFAULTS).map((name) => [name, toMemberValue(name, sent)] as const);
  const isPrivileged = sent.Privileged === true;
  return {
    ...Object.fromEntries(known),
    ...(isPrivileged ? { MaskedPaths: null, ReadonlyPaths: null } : {}),
  } as unknown as HostConfig;
}

/**
 * What dockerd 28 sets at creation and 20.10 leaves as the client sent it.
 * @param sent the client's HostConfig
 */
export function withEngineDefaults(release: EngineRelease, config: HostConfig, sent: ApiJson): HostConfig {
  if (isOlderEngine(release, "28")) return config;
  const { NetworkMode, RestartPolicy, MaskedPaths } = config;
  const hasOwnMask = sent.MaskedPaths != null || config.Privileged === true;
  const [asound, acpi, ...masked] = MASKED;
  return {
    ...config,
    NetworkMode: NetworkMode === "default" ? "bridge" : NetworkMode,
    RestartPolicy: { ...RestartPolicy, Name: RestartPolicy.Name || "no" },
    Runtime: config.Runtime || "runc",
    MaskedPaths: hasOwnMask ? MaskedPaths : [asound, acpi, MASKED_28[0], ...masked, MASKED_28[1]],
  } as HostConfig;
}

/** A HostConfig in the order of dockerd 28, which omits some members. */
export function toHostConfigJson(config: HostConfig): ApiJson {
  const json: Record<string, unknown> = {};
  for (const name of ORDER_28) {
    const value = config[name];
    if (value !== undefined && !(value === 0 && OMITTED_IF_ZERO.includes(name))) json[name] = value;
  }
  return json;
}

/** The same in the order of dockerd 20.10. */
export function toOldHostConfigJson(json: ApiJson): ApiJson {
  const { Annotations, ...defaults } = DEFAULTS;
  return Object.fromEntries(
    Object.keys(defaults).map((name) => [name, json[name] ?? (OMITTED_IF_ZERO.includes(name) ? 0 : json[name])]),
  );
}

/** Empty texts, numbers that mean no limit, and zeros that dockerd replaces count as not set. */
function toMemberValue(name: string, sent: ApiJson): unknown {
  const [value, fallback] = [sent[name], DEFAULTS[name]];
  if (value === undefined) return fallback;
  if (isUnset(name, value)) return fallback;
  if (name === "PortBindings") return toPortBindings(value as ApiJson);
  if (name === "LogConfig") return toLogConfig(value as ApiJson);
  if (name === "RestartPolicy") return { Name: "", MaximumRetryCount: 0, ...(value as ApiJson) };
  return value;
}

/** moby daemon/daemon_unix.go (fixMemorySwappiness), api/server/router/container (PidsLimit). */
function isUnset(name: string, value: unknown): boolean {
  if (name === "ShmSize") return value === null || value === 0;
  if (name === "PidsLimit") return typeof value !== "number" || value <= 0;
  if (name === "MemorySwappiness") return value === null || value === -1;
  return value === null || value === "";
}

/** A binding may be as short as `{}`: any port of any address. */
function toPortBindings(sent: ApiJson): ApiJson {
  const toBindings = (list: readonly Partial<PortBinding>[] | null): readonly PortBinding[] | null =>
    list?.map(({ HostIp = "", HostPort = "" }) => ({ HostIp, HostPort })) ?? null;
  return Object.fromEntries(Object.entries(sent).map(([port, list]) => [port, toBindings(list)]));
}

function toLogConfig({ Type, Config }: ApiJson): ApiJson {
  return { Type: Type || "json-file", Config: Config ?? {} };
}
