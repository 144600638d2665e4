/** Containers as the documents show them: in a list, in an inspection, in numbers. */
import type { JsonShape } from "../json-shape.ts";

const PORT: JsonShape = { PrivatePort: "number", PublicPort: "number", Type: "text" };

export const LISTED_OF_OLD = {
  Id: "text",
  Image: "text",
  Command: "text",
  Created: "number",
  Status: "text",
  Ports: [PORT],
  SizeRw: "number",
  SizeRootFs: "number",
} as const satisfies JsonShape;

export const LISTED = { ...LISTED_OF_OLD, Names: ["text"], Labels: { "*": "text" } } as const satisfies JsonShape;

/** Settings that every version has. */
const CONFIG = {
  Hostname: "text",
  User: "text",
  AttachStdin: "flag",
  AttachStdout: "flag",
  AttachStderr: "flag",
  Tty: "flag",
  OpenStdin: "flag",
  StdinOnce: "flag",
  Env: "list?",
  Cmd: ["text"],
  Image: "text",
  Volumes: "map?",
  WorkingDir: "text",
} as const satisfies JsonShape;

export const CONFIG_OF_OLD = {
  ...CONFIG,
  Memory: "number",
  MemorySwap: "number",
  PortSpecs: "list?",
  Dns: "list?",
  VolumesFrom: "text",
} as const satisfies JsonShape;

const STATE = { Running: "flag", Pid: "number", ExitCode: "number", StartedAt: "text" } as const satisfies JsonShape;

const HOST = {
  Binds: "list?",
  ContainerIDFile: "text",
  Privileged: "flag",
  PortBindings: { "*": [{ HostIp: "text", HostPort: "text" }] },
  Links: "list?",
  PublishAllPorts: "flag",
} as const satisfies JsonShape;

export const INSPECTED_OF_OLD: JsonShape = {
  Id: "text",
  Created: "text",
  Path: "text",
  Args: "list",
  Config: CONFIG_OF_OLD,
  State: { ...STATE, Ghost: "flag" },
  Image: "text",
  NetworkSettings: {
    IpAddress: "text",
    IpPrefixLen: "number",
    Gateway: "text",
    Bridge: "text",
    PortMapping: "anything",
  },
  SysInitPath: "text",
  ResolvConfPath: "text",
  Volumes: "map",
  HostConfig: { ...HOST, LxcConf: "list" },
};

const CONFIG_SINCE = {
  ...CONFIG,
  Domainname: "text",
  Entrypoint: "list?",
  ExposedPorts: "map?",
  Labels: { "*": "text" },
  MacAddress: "text",
  NetworkDisabled: "flag",
  OnBuild: "list?",
} as const satisfies JsonShape;

const HOST_SINCE = {
  ...HOST,
  CapAdd: "list?",
  CapDrop: "list?",
  CpusetCpus: "text",
  CpuShares: "number",
  Devices: "list?",
  Dns: "list?",
  DnsSearch: "list?",
  ExtraHosts: "list?",
  IpcMode: "text",
  LxcConf: "list",
  Memory: "number",
  MemorySwap: "number",
  NetworkMode: "text",
  ReadonlyRootfs: "flag",
  RestartPolicy: { MaximumRetryCount: "number", Name: "text" },
  LogConfig: { Config: "map?", Type: "text" },
  SecurityOpt: "list?",
  VolumesFrom: "list?",
  Ulimits: "list?",
} as const satisfies JsonShape;

const STATE_SINCE = {
  ...STATE,
  Error: "text",
  FinishedAt: "text",
  OOMKilled: "flag",
  Paused: "flag",
  Restarting: "flag",
} as const satisfies JsonShape;

const INSPECTED = {
  AppArmorProfile: "text",
  Args: ["text"],
  Config: { ...CONFIG_SINCE, PortSpecs: "list?" },
  Created: "text",
  Driver: "text",
  ExecDriver: "text",
  ExecIDs: "list?",
  HostConfig: { ...HOST_SINCE, PidMode: "text" },
  HostnamePath: "text",
  HostsPath: "text",
  LogPath: "text",
  Id: "text",
  Image: "text",
  MountLabel: "text",
  Name: "text",
  NetworkSettings: {
    Bridge: "text",
    Gateway: "text",
    IPAddress: "text",
    IPPrefixLen: "number",
    MacAddress: "text",
    PortMapping: "anything",
    Ports: "map?",
  },
  Path: "text",
  ProcessLabel: "text",
  ResolvConfPath: "text",
  RestartCount: "number",
  State: STATE_SINCE,
} as const satisfies JsonShape;

export const INSPECTED_1_18: JsonShape = { ...INSPECTED, Volumes: { "*": "text" }, VolumesRW: { "*": "flag" } };

const HOST_1_19 = {
  ...HOST_SINCE,
  BlkioWeight: "number",
  CpusetMems: "text",
  CpuPeriod: "number",
  OomKillDisable: "flag",
} as const satisfies JsonShape;

export const INSPECTED_1_19: JsonShape = {
  ...INSPECTED,
  HostConfig: HOST_1_19,
  Volumes: { "*": "text" },
  VolumesRW: { "*": "flag" },
};

const ENDPOINT = {
  EndpointID: "text",
  Gateway: "text",
  IPAddress: "text",
  IPPrefixLen: "number",
  IPv6Gateway: "text",
  GlobalIPv6Address: "text",
  GlobalIPv6PrefixLen: "number",
  MacAddress: "text",
} as const satisfies JsonShape;

export const INSPECTED_1_21: JsonShape = {
  ...INSPECTED,
  Config: { ...CONFIG_SINCE, StopSignal: "text" },
  HostConfig: {
    ...HOST_1_19,
    DnsOptions: "list?",
    MemoryReservation: "number",
    KernelMemory: "number",
    PidMode: "text",
    VolumeDriver: "text",
  },
  NetworkSettings: {
    ...ENDPOINT,
    Bridge: "text",
    SandboxID: "text",
    HairpinMode: "flag",
    LinkLocalIPv6Address: "text",
    LinkLocalIPv6PrefixLen: "number",
    Ports: "map?",
    SandboxKey: "text",
    SecondaryIPAddresses: "list?",
    SecondaryIPv6Addresses: "list?",
    Networks: { "*": ENDPOINT },
  },
  State: { ...STATE_SINCE, Status: "text" },
  Mounts: [{ Source: "text", Destination: "text", Mode: "text", RW: "flag" }],
};

const COUNTED_MEMORY =
  "active_anon active_file cache inactive_anon inactive_file mapped_file pgfault pgmajfault pgpgin pgpgout rss rss_huge unevictable writeback".split(
    " ",
  );

const TRAFFIC: JsonShape = Object.fromEntries(
  ["rx", "tx"].flatMap((way) => ["bytes", "dropped", "errors", "packets"].map((what) => [`${way}_${what}`, "number"])),
);

const NUMBERS = {
  read: "text",
  memory_stats: {
    stats: Object.fromEntries(
      [...COUNTED_MEMORY, ...COUNTED_MEMORY.map((name) => `total_${name}`), "hierarchical_memory_limit"].map((name) => [
        name,
        "number",
      ]),
    ) as Record<string, "number">,
    max_usage: "number",
    usage: "number",
    failcnt: "number",
    limit: "number",
  },
  blkio_stats: "map",
  cpu_stats: {
    cpu_usage: {
      percpu_usage: ["number"],
      usage_in_usermode: "number",
      total_usage: "number",
      usage_in_kernelmode: "number",
    },
    system_cpu_usage: "number",
    throttling_data: "map",
  },
} as const satisfies JsonShape;

export const NUMBERS_OF_OLD: JsonShape = { ...NUMBERS, network: TRAFFIC };
export const NUMBERS_1_21: JsonShape = { ...NUMBERS, networks: { "*": TRAFFIC } };
