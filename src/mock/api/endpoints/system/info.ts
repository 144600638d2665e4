import { KERNEL } from "../../../../userland/applets/system/system.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import type { Engine } from "../../../operations/engine.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";
import { PLUGIN_DRIVERS } from "../plugin-drivers.ts";
import { toSwarmInfo } from "../swarm/swarm-json.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.25", downgrade: (info) => ({ ...info, ExecutionDriver: "<not supported>" }) },
  { since: "1.12", downgrade: toDocumentedJson },
];

export const info: Endpoint = {
  operation: "SystemInfo",
  respond: (request, engine) => jsonResponse(downgradeTo(request, toInfoJson(engine), DOWNGRADES)),
};

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
      ["Native Overlay Diff", "true"],
      ["userxattr", "false"],
    ],
    Plugins: PLUGIN_DRIVERS,
    ...MACHINE,
    NGoroutines: 40,
    SystemTime: formatRfc3339Nano(engine.time.now()),
    ...DAEMON,
    NEventsListener: engine.events.listenerCount,
    ...HOST,
    ServerVersion: engine.release.version,
    Swarm: toSwarmInfo(engine.swarm),
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
  KernelMemory: true,
  KernelMemoryTCP: true,
  CpuCfsPeriod: true,
  CpuCfsQuota: true,
  CPUShares: true,
  CPUSet: true,
  PidsLimit: true,
  IPv4Forwarding: true,
  BridgeNfIptables: true,
  BridgeNfIp6tables: true,
  Debug: false,
  NFd: 27,
  OomKillDisable: true,
};

const REGISTRIES = {
  AllowNondistributableArtifactsCIDRs: [],
  AllowNondistributableArtifactsHostnames: [],
  InsecureRegistryCIDRs: ["127.0.0.0/8"],
  IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
  Mirrors: [],
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
  NCPU: 2,
  MemTotal: 4_294_967_296,
  GenericResources: null,
  DockerRootDir: "/var/lib/docker",
  HttpProxy: "",
  HttpsProxy: "",
  NoProxy: "",
  Name: "docker",
  Labels: [],
  ExperimentalBuild: false,
  Runtimes: {
    "io.containerd.runc.v2": { path: "runc" },
    "io.containerd.runtime.v1.linux": { path: "runc" },
    runc: { path: "runc" },
  },
  DefaultRuntime: "runc",
};

const PARTS = {
  LiveRestoreEnabled: false,
  Isolation: "",
  InitBinary: "docker-init",
  ContainerdCommit: toCommit("2806fc1057397dbaeefbea0e4e17bddfbd388f38"),
  RuncCommit: toCommit("v1.1.5-0-gf19387a6"),
  InitCommit: toCommit("de40ad0"),
  SecurityOptions: ["name=seccomp,profile=default"],
  Warnings: null,
};

function toCommit(id: string): object {
  return { ID: id, Expected: id };
}
