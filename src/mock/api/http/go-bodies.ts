/** Go's types of bodies whose members have members (moby api/types, 20.10). */
import { type GoType, goAny, goBool, goInt, goList, goMap, goString, goStruct, goWords } from "./go-type.ts";

const LABELS = goMap(goString());
const WORDS = goList(goString());

/** Members of one type, by their names. */
export function typeMembers(type: GoType, names: string): Readonly<Record<string, GoType>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, type]));
}

const PORT_BINDING = goStruct("nat.PortBinding", typeMembers(goString(), "HostIp HostPort"));

const MOUNT = goStruct("mount.Mount", {
  Type: goString("mount.Type"),
  ...typeMembers(goString(), "Source Target"),
  Consistency: goString("mount.Consistency"),
  ReadOnly: goBool,
  BindOptions: goStruct("mount.BindOptions", { Propagation: goString("mount.Propagation"), NonRecursive: goBool }),
  VolumeOptions: goStruct("mount.VolumeOptions", {
    NoCopy: goBool,
    Labels: LABELS,
    DriverConfig: goStruct("mount.Driver", { Name: goString(), Options: LABELS }),
  }),
  TmpfsOptions: goStruct("mount.TmpfsOptions", { SizeBytes: goInt(), Mode: goInt("os.FileMode") }),
});

const THROTTLES = goList(
  goStruct("blkiodev.ThrottleDevice", { Path: goString(), Rate: goInt("uint64") }),
  "[]*blkiodev.ThrottleDevice",
);

/** What a container is created with and an update may change (container.Resources), and the restarts. */
const RESOURCES = {
  ...typeMembers(
    goInt(),
    "Memory MemorySwap MemoryReservation KernelMemory MemorySwappiness NanoCpus CpuShares CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime PidsLimit",
  ),
  ...typeMembers(goString(), "CgroupParent CpusetCpus CpusetMems"),
  ...typeMembers(THROTTLES, "BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps"),
  BlkioWeight: goInt("uint16"),
  OomKillDisable: goBool,
  DeviceCgroupRules: WORDS,
  Ulimits: goList(
    goStruct("units.Ulimit", { Name: goString(), ...typeMembers(goInt(), "Hard Soft") }),
    "[]*units.Ulimit",
  ),
  Devices: goList(
    goStruct("container.DeviceMapping", typeMembers(goString(), "PathOnHost PathInContainer CgroupPermissions")),
  ),
  DeviceRequests: goList(goStruct("container.DeviceRequest", { Driver: goString(), Count: goInt("int") })),
  RestartPolicy: goStruct("container.RestartPolicy", { Name: goString(), MaximumRetryCount: goInt("int") }),
};

const HOST_CONFIG = goStruct("container.HostConfig", {
  ...RESOURCES,
  ...typeMembers(
    WORDS,
    "Binds VolumesFrom Dns DnsOptions DnsSearch ExtraHosts GroupAdd Links SecurityOpt MaskedPaths ReadonlyPaths",
  ),
  ...typeMembers(goString(), "ContainerIDFile VolumeDriver Runtime"),
  ...typeMembers(goBool, "AutoRemove Privileged PublishAllPorts ReadonlyRootfs Init"),
  ShmSize: goInt(),
  ...typeMembers(LABELS, "Sysctls Tmpfs StorageOpt"),
  ...typeMembers(goWords, "CapAdd CapDrop"),
  OomScoreAdj: goInt("int"),
  NetworkMode: goString("container.NetworkMode"),
  IpcMode: goString("container.IpcMode"),
  PidMode: goString("container.PidMode"),
  UTSMode: goString("container.UTSMode"),
  UsernsMode: goString("container.UsernsMode"),
  LogConfig: goStruct("container.LogConfig", { Type: goString(), Config: LABELS }),
  PortBindings: goMap(goList(PORT_BINDING), "nat.PortMap"),
  Mounts: goList(MOUNT),
});

const ENDPOINT = goStruct(
  "network.EndpointSettings",
  {
    IPAMConfig: goStruct("network.EndpointIPAMConfig", {
      ...typeMembers(goString(), "IPv4Address IPv6Address"),
      LinkLocalIPs: WORDS,
    }),
    ...typeMembers(WORDS, "Links Aliases"),
    ...typeMembers(goString(), "NetworkID EndpointID Gateway IPAddress MacAddress IPv6Gateway GlobalIPv6Address"),
    ...typeMembers(goInt("int"), "IPPrefixLen GlobalIPv6PrefixLen"),
    DriverOpts: LABELS,
  },
  { GwPriority: goInt("int") },
);

const CREATE_STRINGS = typeMembers(goString(), "Image Hostname Domainname User WorkingDir StopSignal MacAddress");

/** Before API 1.12 lists and maps were other ones. */
export const LEGACY_CREATE_BODY: GoType = goStruct("runconfig.ContainerConfigWrapper", CREATE_STRINGS);

export const CREATE_BODY: GoType = goStruct("runconfig.ContainerConfigWrapper", {
  ...CREATE_STRINGS,
  ...typeMembers(goBool, "AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce ArgsEscaped NetworkDisabled"),
  ...typeMembers(goWords, "Cmd Entrypoint Shell"),
  ...typeMembers(WORDS, "Env OnBuild"),
  Labels: LABELS,
  ExposedPorts: goMap(goAny, "nat.PortSet"),
  Volumes: goMap(goAny, "map[string]struct {}"),
  StopTimeout: goInt("int"),
  Healthcheck: goStruct("container.HealthConfig", {
    Test: WORDS,
    ...typeMembers(goInt("time.Duration"), "Interval Timeout StartPeriod StartInterval"),
    Retries: goInt("int"),
  }),
  HostConfig: HOST_CONFIG,
  NetworkingConfig: goStruct("network.NetworkingConfig", {
    EndpointsConfig: goMap(ENDPOINT, "map[string]*network.EndpointSettings"),
  }),
});

const CONSOLE_SIZE = goList(goInt("uint"), "[2]uint");

export const UPDATE_BODY: GoType = goStruct("container.UpdateConfig", RESOURCES);

export const EXEC_BODY: GoType = goStruct(
  "types.ExecConfig",
  {
    ...typeMembers(goString(), "User WorkingDir DetachKeys"),
    ...typeMembers(goBool, "Privileged Tty AttachStdin AttachStdout AttachStderr Detach"),
    ...typeMembers(WORDS, "Cmd Env"),
  },
  { ConsoleSize: CONSOLE_SIZE },
);

export const EXEC_START_BODY: GoType = goStruct("types.ExecStartCheck", typeMembers(goBool, "Detach Tty"), {
  ConsoleSize: CONSOLE_SIZE,
});

export const COPY_BODY: GoType = goStruct("types.CopyConfig", { Resource: goString() });

export const CONNECT_BODY: GoType = goStruct("types.NetworkConnect", {
  Container: goString(),
  EndpointConfig: ENDPOINT,
});

export const DISCONNECT_BODY: GoType = goStruct("types.NetworkDisconnect", { Container: goString(), Force: goBool });

export const NETWORK_BODY: GoType = goStruct("types.NetworkCreateRequest", {
  ...typeMembers(goString(), "Name Driver Scope"),
  ...typeMembers(goBool, "CheckDuplicate EnableIPv6 Internal Attachable Ingress ConfigOnly"),
  ...typeMembers(LABELS, "Options Labels"),
  ConfigFrom: goStruct("network.ConfigReference", { Network: goString() }),
  IPAM: goStruct("network.IPAM", {
    Driver: goString(),
    Options: LABELS,
    Config: goList(
      goStruct("network.IPAMConfig", {
        ...typeMembers(goString(), "Subnet IPRange Gateway"),
        AuxiliaryAddresses: LABELS,
      }),
    ),
  }),
});

export const VOLUME_BODY: GoType = goStruct("types.VolumeCreateBody", {
  ...typeMembers(goString(), "Name Driver"),
  ...typeMembers(LABELS, "DriverOpts Labels"),
});

export const AUTH_BODY: GoType = goStruct("types.AuthConfig", {
  ...typeMembers(goString(), "username password email serveraddress auth identitytoken registrytoken"),
});
