import { KERNEL } from "../../../../userland/applets/system/system.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { type EngineRelease, isOlderEngine } from "../../../model/engine-release.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import { CPU_COUNT } from "../../../model/machine.ts";
import type { Engine } from "../../../operations/engine.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";
import { listPlugins } from "../plugin-drivers.ts";
import { toSwarmInfo } from "../swarm/swarm-json.ts";

/** From moby api/server/router/system/system_routes.go, getInfo. */
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.50", downgrade: (info) => ({ ...info, BridgeNfIptables: false, BridgeNfIp6tables: false }) },
  { since: "1.49", downgrade: addExpectedCommits },
  { since: "1.47", downgrade: addForeignRegistries },
  { since: "1.46", downgrade: (info) => omitMembers(info, "Containerd") },
  { since: "1.44", downgrade: omitRuntimeStatus },
  { since: "1.42", downgrade: (info) => ({ ...info, KernelMemory: true }) },
  { sinceEngine: "28", downgrade: toOldShape },
  { since: "1.25", downgrade: nameSecurityOptions },
  { since: "1.12", downgrade: toDocumentedJson },
];

export const info: Endpoint = {
  operation: "SystemInfo",
  respond: (request, engine) => {
    const shape = downgradeTo(request, toInfoJson(engine), DOWNGRADES);
    // 20.10 still has this member for clients before 1.25.
    const hasDriver = request.api.isBefore("1.25") && isOlderEngine(request.release, "28") && !request.api.isLegacy;
    return jsonResponse(hasDriver ? { ...shape, ExecutionDriver: "<not supported>" } : shape);
  },
};

/** Before 1.49 each commit had its expected id, and there was no firewall. */
function addExpectedCommits(shape: ApiJson): ApiJson {
  const { FirewallBackend, ...info } = shape;
  const addExpected = (name: string): ApiJson => ({ [name]: { ...info[name], Expected: info[name].ID } });
  return { ...info, ...addExpected("ContainerdCommit"), ...addExpected("RuncCommit"), ...addExpected("InitCommit") };
}

function addForeignRegistries(info: ApiJson): ApiJson {
  const lists = { AllowNondistributableArtifactsCIDRs: null, AllowNondistributableArtifactsHostnames: null };
  return { ...info, RegistryConfig: { ...lists, ...info.RegistryConfig } };
}

function omitRuntimeStatus(info: ApiJson): ApiJson {
  const plain = Object.entries(info.Runtimes as ApiJson).map(([name, { path }]) => [name, { path }]);
  return { ...info, Runtimes: Object.fromEntries(plain) };
}

/** The members and values of dockerd 20.10. */
function toOldShape(shape: ApiJson): ApiJson {
  return {
    ...omitMembers(shape, "CDISpecDirs"),
    KernelMemory: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    DriverStatus: shape.DriverStatus.filter(([name]: readonly string[]) => name !== "Using metacopy"),
    Plugins: listPlugins("20.10"),
    RegistryConfig: { ...shape.RegistryConfig, ...NO_FOREIGN_REGISTRIES },
    Runtimes: { ...shape.Runtimes, "io.containerd.runtime.v1.linux": { path: "runc" } },
    SecurityOptions: ["name=seccomp,profile=default"],
  };
}

/** Before 1.25 security options were names. */
function nameSecurityOptions(shape: ApiJson): ApiJson {
  return { ...shape, SecurityOptions: ["seccomp"] };
}

/** Keeps the members that the document of 1.9 has. */
function toDocumentedJson(shape: ApiJson): ApiJson {
  const { Containers, Images, Debug, NFd, NGoroutines, MemoryLimit, SwapLimit, IPv4Forwarding } = shape;
  return { Containers, Images, Debug, NFd, NGoroutines, MemoryLimit, SwapLimit, IPv4Forwarding };
}

function toInfoJson(engine: Engine): ApiJson {
  const running = countContainers(engine, "running");
  const paused = countContainers(engine, "paused");
  return {
    ID: engine.daemonId,
    Containers: engine.containers.size,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: engine.containers.size - running - paused,
    Images: engine.images.size,
    Driver: "overlay2",
    DriverStatus: [
      ["Backing Filesystem", "extfs"],
      ["Supports d_type", "true"],
      ["Using metacopy", "false"],
      ["Native Overlay Diff", "true"],
      ["userxattr", "false"],
    ],
    Plugins: listPlugins("28"),
    ...MACHINE,
    NGoroutines: 40,
    SystemTime: formatRfc3339Nano(engine.time.now()),
    ...DAEMON,
    NEventsListener: engine.events.listenerCount,
    ...HOST,
    ServerVersion: engine.release.version,
    Swarm: toSwarmInfo(engine.swarm),
    ...toCommits(engine.release),
    ...PARTS,
  };
}

function countContainers({ containers }: Engine, status: string): number {
  return [...containers].filter(({ state }) => state.status === status).length;
}

/** The abilities of the simulated kernel. */
const MACHINE = {
  MemoryLimit: true,
  SwapLimit: true,
  KernelMemoryTCP: true,
  CpuCfsPeriod: true,
  CpuCfsQuota: true,
  CPUShares: true,
  CPUSet: true,
  PidsLimit: true,
  IPv4Forwarding: true,
  Debug: false,
  NFd: 27,
  OomKillDisable: true,
};

const REGISTRIES = {
  InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
  IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
  Mirrors: [],
};

const NO_FOREIGN_REGISTRIES = {
  AllowNondistributableArtifactsCIDRs: [],
  AllowNondistributableArtifactsHostnames: [],
  InsecureRegistryCIDRs: ["127.0.0.0/8"],
};

/** What runc says about itself (opencontainers/runtime-spec features.md), in short. */
const RUNTIME = {
  path: "runc",
  status: { "org.opencontainers.runtime-spec.features": '{"ociVersionMin":"1.0.0","ociVersionMax":"1.2.1"}' },
};

const DAEMON = {
  LoggingDriver: "json-file",
  CgroupDriver: "cgroupfs",
  CgroupVersion: "1",
};

const HOST = {
  KernelVersion: KERNEL,
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  OSVersion: "12",
  OSType: "linux",
  Architecture: "x86_64",
  IndexServerAddress: "https://index.docker.io/v1/",
  RegistryConfig: REGISTRIES,
  NCPU: CPU_COUNT,
  MemTotal: 4_294_967_296,
  GenericResources: null,
  DockerRootDir: "/var/lib/docker",
  HttpProxy: "",
  HttpsProxy: "",
  NoProxy: "",
  Name: "docker",
  Labels: [],
  ExperimentalBuild: false,
  Runtimes: { "io.containerd.runc.v2": RUNTIME, runc: RUNTIME },
  DefaultRuntime: "runc",
};

const PARTS = {
  LiveRestoreEnabled: false,
  Isolation: "",
  InitBinary: "docker-init",
  SecurityOptions: ["name=seccomp,profile=builtin"],
  FirewallBackend: { Driver: "iptables" },
  CDISpecDirs: ["/etc/cdi", "/var/run/cdi"],
  Containerd: {
    Address: "/var/run/docker/containerd/containerd.sock",
    Namespaces: { Containers: "moby", Plugins: "plugins.moby" },
  },
  Warnings: null,
};

function toCommits({ parts }: EngineRelease): ApiJson {
  const toCommit = (name: keyof EngineRelease["parts"]): ApiJson => ({ ID: parts[name].commit });
  return {
    ContainerdCommit: toCommit("containerd"),
    RuncCommit: toCommit("runc"),
    InitCommit: toCommit("docker-init"),
  };
}
