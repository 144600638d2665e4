import type { Container } from "../../../model/container.ts";
import { type Shape, type ShapeChange, shapeFor, without } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "../images/shapes.ts";
import { oldConfig } from "../old-config.ts";
import { inspectShape } from "./inspect-shape.ts";
import { sizes } from "./list.ts";
import { portMapping } from "./old-ports.ts";

/** moby daemon/inspect.go and inspect_linux.go, and for 1.11 and older the documents. */
const CHANGES: readonly ShapeChange[] = [
  { since: "1.21", before: withoutNetworks },
  { since: "1.20", before: withVolumes },
  { since: "1.12", before: documented },
  { since: "1.8", before: (shape) => without(shape, "HostConfig") },
];

export const containerInspect: Endpoint = {
  operation: "ContainerInspect",
  answer: ({ api, name, query }, engine) => {
    const container = engine.containers.find(name);
    const shape = inspectShape(engine, container);
    const size = query.flag("size") ? allSizes(engine, container) : {};
    return json(shapeFor(api, { ...shape, ...size }, CHANGES));
  },
};

/** Unlike a list, it says that nothing was written. */
function allSizes(engine: Engine, container: Container): Shape {
  const { SizeRw = 0, SizeRootFs } = sizes(engine, container);
  return { SizeRw, SizeRootFs };
}

function withoutNetworks(shape: Shape): Shape {
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
      ...without(NetworkSettings, "Networks"),
      Ports: nullIfEmpty(NetworkSettings.Ports),
    },
  };
}

function nullIfEmpty(ports: Shape): Shape | null {
  return Object.keys(ports).length === 0 ? null : ports;
}

function withVolumes(shape: Shape): Shape {
  const { Mounts, Config, NetworkSettings, HostConfig, ...rest } = shape;
  const { Memory, MemorySwap, CpuShares, CpusetCpus } = HostConfig;
  const pairs = (of: (mount: Shape) => unknown): Shape =>
    Object.fromEntries(Mounts.map((mount: Shape) => [mount.Destination, of(mount)]));
  return {
    ...rest,
    HostConfig,
    Volumes: pairs(({ Source }) => Source),
    VolumesRW: pairs(({ RW }) => RW),
    Config: { ...Config, Memory, MemorySwap, CpuShares, Cpuset: CpusetCpus },
    NetworkSettings,
  };
}

/** The members of the document of 1.9, and the name. What the daemon has lost was a ghost. */
function documented(shape: Shape): Shape {
  const { Id, Name, Created, Path, Args, Config, State, Image, NetworkSettings, ResolvConfPath, Volumes } = shape;
  const { Running, Pid, ExitCode, StartedAt, FinishedAt, Dead } = State;
  const { IPAddress, IPPrefixLen, Gateway, Bridge, Ports } = NetworkSettings;
  return {
    Id,
    Name,
    Created,
    Path,
    Args,
    Config: oldConfig(Config, shape.HostConfig),
    State: { Running, Pid, ExitCode, StartedAt, FinishedAt, Ghost: Dead },
    Image: bareId(Image),
    NetworkSettings: {
      IpAddress: IPAddress,
      IpPrefixLen: IPPrefixLen,
      Gateway,
      Bridge,
      PortMapping: portMapping(Ports),
      Ports,
    },
    SysInitPath: "/usr/bin/docker",
    ResolvConfPath,
    Volumes,
    HostConfig: oldHost(shape.HostConfig),
  };
}

/** Links were not told correctly before 1.13. */
function oldHost({ Binds, ContainerIDFile, LxcConf = [], Privileged, PortBindings, PublishAllPorts }: Shape): Shape {
  return { Binds, ContainerIDFile, LxcConf, Privileged, PortBindings, Links: null, PublishAllPorts };
}
