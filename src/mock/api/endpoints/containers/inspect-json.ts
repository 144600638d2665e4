/** The JSON of `GET /containers/{id}/json` in API 1.51 (moby daemon/inspect.go). */

import { toContainerFolders } from "../../../images/graph-driver.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Container, ContainerState, HealthResult, MountPoint } from "../../../model/container.ts";
import { formatRfc3339Nano, NEVER } from "../../../model/go-time.ts";
import { toHostConfigJson } from "../../../model/host-config.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { toNetworksJson } from "./network-json.ts";

const DOCKER_ROOT = "/var/lib/docker";

export function toInspectJson(engine: Engine, container: Container): ApiJson {
  const { id, name, created, argv, state, imageId, restartCount, hostConfig, mounts } = container;
  const folder = `${DOCKER_ROOT}/containers/${id}`;
  const { execRuns } = getRuntime(engine, container);
  return {
    Id: id,
    Created: formatRfc3339Nano(created),
    Path: argv[0] ?? "",
    Args: argv.slice(1),
    State: toStateJson(state),
    Image: imageId,
    ResolvConfPath: state.startedAt === undefined ? "" : `${folder}/resolv.conf`,
    HostnamePath: state.startedAt === undefined ? "" : `${folder}/hostname`,
    HostsPath: state.startedAt === undefined ? "" : `${folder}/hosts`,
    LogPath: state.startedAt === undefined ? "" : `${folder}/${id}-json.log`,
    Name: `/${name}`,
    RestartCount: restartCount,
    Driver: "overlay2",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: execRuns.size === 0 ? null : [...execRuns.keys()],
    HostConfig: toHostConfigJson(hostConfig),
    GraphDriver: {
      Data: { ID: id, ...toContainerFolders(id, engine.images.get(imageId)?.layers ?? []) },
      Name: "overlay2",
    },
    Mounts: mounts.map(toMountJson),
    Config: toConfigJson(container),
    NetworkSettings: toNetworkSettingsJson(container),
  };
}

function toStateJson(state: ContainerState): ApiJson {
  const { status, pid, exitCode, error, isOomKilled, startedAt, finishedAt, health } = state;
  return {
    Status: status,
    Running: status === "running" || status === "paused" || status === "restarting",
    Paused: status === "paused",
    Restarting: status === "restarting",
    OOMKilled: isOomKilled,
    Dead: status === "dead",
    Pid: pid,
    ExitCode: exitCode,
    Error: error,
    StartedAt: formatTimeOrNever(startedAt),
    FinishedAt: formatTimeOrNever(finishedAt),
    ...(health === undefined
      ? {}
      : {
          Health: {
            Status: health.status,
            FailingStreak: health.failingStreak,
            Log: health.log.map(toHealthResultJson),
          },
        }),
  };
}

function formatTimeOrNever(ns: bigint | undefined): string {
  return ns === undefined ? NEVER : formatRfc3339Nano(ns);
}

function toHealthResultJson({ start, end, exitCode, output }: HealthResult): ApiJson {
  return { Start: formatRfc3339Nano(start), End: formatRfc3339Nano(end), ExitCode: exitCode, Output: output };
}

/** `goJson` omits the undefined members, which Go marks `omitempty`. */
export function toMountJson({
  type,
  name,
  source,
  destination,
  driver,
  mode,
  isWritable,
  propagation,
}: MountPoint): ApiJson {
  return {
    Type: type,
    Name: name,
    Source: source,
    Destination: destination,
    Driver: driver,
    Mode: mode,
    RW: isWritable,
    Propagation: propagation,
  };
}

/** The MAC address that the client chose for the main network, as it was before 1.44 (moby daemon/inspect.go). */
function toConfigJson({ config, hostConfig, networks }: Container): ApiJson {
  const mac = networks[hostConfig.NetworkMode]?.requestedMac ?? "";
  if (config.MacAddress !== undefined || mac === "") return config;
  const { OnBuild, Labels, ...others } = config;
  return { ...others, MacAddress: mac, OnBuild, Labels };
}

function toNetworkSettingsJson(container: Container): ApiJson {
  const { sandboxId, ports, networks } = container;
  const bridge = networks.bridge;
  return {
    Bridge: "",
    SandboxID: sandboxId,
    SandboxKey: formatSandboxKey(container),
    Ports: ports,
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.endpointId ?? "",
    Gateway: bridge?.gateway ?? "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    IPAddress: bridge?.address ?? "",
    IPPrefixLen: bridge?.prefixLength ?? 0,
    IPv6Gateway: "",
    MacAddress: bridge?.mac || bridge?.requestedMac || "",
    Networks: toNetworksJson(container),
  };
}

/** The path of the container's network namespace. The host's namespace has a name of its own. */
function formatSandboxKey({ sandboxId, hostConfig }: Container): string {
  if (sandboxId === "") return "";
  return `/var/run/docker/netns/${hostConfig.NetworkMode === "host" ? "default" : sandboxId.slice(0, 12)}`;
}
