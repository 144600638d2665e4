import type { Engine } from "../../engine.ts";
import { json } from "../../http/answer.ts";
import type { Container } from "../../state/container.ts";
import { type Shape, type ShapeChange, shapeFor, without } from "../../version/shapes.ts";
import type { Endpoint } from "../endpoint.ts";
import { inspectShape } from "./inspect-shape.ts";
import { sizes } from "./list.ts";

/** moby daemon/inspect.go and inspect_linux.go, and for 1.11 and older the documents. */
const CHANGES: readonly ShapeChange[] = [
  { since: "1.21", before: withoutNetworks },
  { since: "1.20", before: withVolumes },
  { since: "1.12", before: withUpperCaseId },
];

export const containerInspect: Endpoint = {
  operation: "ContainerInspect",
  answer: ({ api, name, query }, engine) => {
    const container = engine.containers.find(name);
    const shape = inspectShape(engine, container);
    const size = query.flag("size") && !api.isBefore("1.21") ? allSizes(engine, container) : {};
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

/** Before 1.12 it was `ID`, and a container that was lost was a ghost. */
function withUpperCaseId({ Id, State, ...rest }: Shape): Shape {
  const { Running, Pid, ExitCode, StartedAt, FinishedAt } = State;
  return { ID: Id, ...rest, State: { Running, Pid, ExitCode, StartedAt, FinishedAt, Ghost: false } };
}
