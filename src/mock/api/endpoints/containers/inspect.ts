import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { toOldHostConfigJson } from "../../../model/host-config.ts";
import type { Engine } from "../../../operations/engine.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toLegacyConfig } from "../../version/legacy-config.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import { toPortMapping } from "../../version/legacy-ports.ts";
import type { Endpoint } from "../endpoint.ts";
import { measureContainer } from "./container-summary.ts";
import { toInspectJson } from "./inspect-json.ts";
import { addOwnAliases, toOldNetworks } from "./network-json.ts";

/** From moby daemon/inspect.go and inspect_linux.go. For 1.11 and older they follow the documents. */
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { sinceEngine: "28", downgrade: toOldShape },
  { since: "1.21", downgrade: omitNetworks },
  { since: "1.20", downgrade: addVolumes },
  { since: "1.12", downgrade: toDocumentedJson },
  { since: "1.8", downgrade: (shape) => omitMembers(shape, "HostConfig") },
];

export const containerInspect: Endpoint = {
  operation: "ContainerInspect",
  respond: (request, engine) => {
    const { api, name, query, release } = request;
    const container = engine.containers.find(name);
    const shape = toInspectJson(engine, container);
    // 20.10 has these names among its aliases, so this is no downgrade of its response.
    const named = api.isBefore("1.45") && !isOlderEngine(release, "28") ? addAliases(shape) : shape;
    const size = query.getFlag("size") ? measureSizes(engine, container) : {};
    return jsonResponse(downgradeTo(request, { ...named, ...size }, DOWNGRADES));
  },
};

/** Unlike the list, an inspection has `SizeRw: 0` if the container wrote nothing. */
function measureSizes(engine: Engine, container: Container): ApiJson {
  const { SizeRw = 0, SizeRootFs } = measureContainer(engine, container);
  return { SizeRw, SizeRootFs };
}

function addAliases(shape: ApiJson): ApiJson {
  const { NetworkSettings, Id, Config } = shape;
  const Networks = addOwnAliases(NetworkSettings.Networks, Id, Config.Hostname);
  return { ...shape, NetworkSettings: { ...NetworkSettings, Networks } };
}

/** The order and the members of dockerd 20.10. */
function toOldShape(shape: ApiJson): ApiJson {
  const { HostConfig, GraphDriver, NetworkSettings } = shape;
  const { Bridge, SandboxID, SandboxKey, Ports, HairpinMode, ...rest } = NetworkSettings;
  const { LinkLocalIPv6Address, LinkLocalIPv6PrefixLen, Networks, ...others } = rest;
  return {
    ...shape,
    HostConfig: toOldHostConfigJson(HostConfig),
    GraphDriver: { ...GraphDriver, Data: omitMembers(GraphDriver.Data, "ID") },
    NetworkSettings: {
      ...{ Bridge, SandboxID, HairpinMode, LinkLocalIPv6Address, LinkLocalIPv6PrefixLen, Ports, SandboxKey },
      ...others,
      MacAddress: others.EndpointID === "" ? "" : others.MacAddress,
      Networks: toOldNetworks(Networks),
    },
  };
}

function omitNetworks(shape: ApiJson): ApiJson {
  const { Config, NetworkSettings, HostConfig } = shape;
  const { ExposedPorts, MacAddress = "", NetworkDisabled = false, ...config } = Config;
  return {
    ...shape,
    Config: {
      ...config,
      MacAddress,
      NetworkDisabled,
      ExposedPorts: ExposedPorts ?? null,
      VolumeDriver: HostConfig.VolumeDriver,
    },
    NetworkSettings: {
      ...omitMembers(NetworkSettings, "Networks"),
      Ports: toNullIfEmpty(NetworkSettings.Ports),
    },
  };
}

function toNullIfEmpty(ports: ApiJson): ApiJson | null {
  return Object.keys(ports).length === 0 ? null : ports;
}

function addVolumes(shape: ApiJson): ApiJson {
  const { Mounts, Config, NetworkSettings, HostConfig, ...rest } = shape;
  const { Memory, MemorySwap, CpuShares, CpusetCpus } = HostConfig;
  const mapMounts = (toValue: (mount: ApiJson) => unknown): ApiJson =>
    Object.fromEntries(Mounts.map((mount: ApiJson) => [mount.Destination, toValue(mount)]));
  return {
    ...rest,
    HostConfig,
    Volumes: mapMounts(({ Source }) => Source),
    VolumesRW: mapMounts(({ RW }) => RW),
    Config: { ...Config, Memory, MemorySwap, CpuShares, Cpuset: CpusetCpus },
    NetworkSettings,
  };
}

/** The members of the document of 1.9, and the name. `Ghost` was the word for a dead container. */
function toDocumentedJson(shape: ApiJson): ApiJson {
  const { Id, Name, Created, Path, Args, Config, State, Image, NetworkSettings, ResolvConfPath, Volumes } = shape;
  const { Running, Pid, ExitCode, StartedAt, FinishedAt, Dead } = State;
  const { IPAddress, IPPrefixLen, Gateway, Bridge, Ports } = NetworkSettings;
  return {
    Id,
    Name,
    Created,
    Path,
    Args,
    Config: toLegacyConfig(Config, shape.HostConfig),
    State: { Running, Pid, ExitCode, StartedAt, FinishedAt, Ghost: Dead },
    Image: toBareId(Image),
    NetworkSettings: {
      IpAddress: IPAddress,
      IpPrefixLen: IPPrefixLen,
      Gateway,
      Bridge,
      PortMapping: toPortMapping(Ports),
      Ports,
    },
    SysInitPath: "/usr/bin/docker",
    ResolvConfPath,
    Volumes,
    HostConfig: toDocumentedHostConfig(shape.HostConfig),
  };
}

/** Before 1.13 the daemon did not report links correctly. */
function toDocumentedHostConfig({
  Binds,
  ContainerIDFile,
  LxcConf = [],
  Privileged,
  PortBindings,
  PublishAllPorts,
}: ApiJson): ApiJson {
  return { Binds, ContainerIDFile, LxcConf, Privileged, PortBindings, Links: null, PublishAllPorts };
}
