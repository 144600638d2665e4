/** What clients sent with create and start once: settings of the host stood in the configuration, or came late. */
import { type HostConfig, hostConfigOf, type PortBinding } from "../../../model/host-config.ts";
import type { Shape } from "../../../model/shapes.ts";
import { without } from "../../../model/shapes.ts";

/** Nothing but these came with the start before 1.12; capabilities came with 1.14. */
const AT_START = ["Binds", "ContainerIDFile", "LxcConf", "Privileged", "PortBindings", "Links", "PublishAllPorts"];

interface OldWish {
  readonly config: Shape;
  readonly hostConfig: Shape;
}

/** `HostConfig` was not heard at creation before 1.15, an address of one's own not before 1.16. */
export function oldWish(sent: Shape): OldWish {
  const { Memory, MemorySwap, CpuShares, Dns, VolumesFrom, PortSpecs, DisableNetwork, ...rest } = sent;
  const specs = ((PortSpecs as string[] | null | undefined) ?? []).map(parsedSpec);
  const exposed = Object.fromEntries(specs.map(({ port }) => [port, {}]));
  return {
    config: {
      ...without(rest, "HostConfig", "NetworkingConfig", "MacAddress"),
      ExposedPorts: { ...exposed, ...rest.ExposedPorts },
      ...(DisableNetwork === true ? { NetworkDisabled: true } : {}),
    },
    hostConfig: {
      ...given({ Memory, MemorySwap, CpuShares, Dns }),
      ...(VolumesFrom ? { VolumesFrom: String(VolumesFrom).split(",") } : {}),
      ...(specs.length === 0 ? {} : { PortBindings: bindingsOf(specs) }),
    },
  };
}

/** Whoever sent some with the start, meant all of them (moby daemon/start.go, runconfig/hostconfig.go). */
export function lateHostConfig(sent: Shape): HostConfig {
  const { Dns, DnsOptions, DnsSearch, MaskedPaths, ReadonlyPaths } = sent;
  return {
    ...hostConfigOf(sent),
    Dns: Dns ?? [],
    DnsOptions: DnsOptions ?? [],
    DnsSearch: DnsSearch ?? [],
    MaskedPaths: MaskedPaths ?? null,
    ReadonlyPaths: ReadonlyPaths ?? null,
  };
}

/** Before 1.12 the rest came with the configuration, and is kept. */
export function oldHostConfig(early: HostConfig, sent: Shape): HostConfig {
  return hostConfigOf({ ...early, ...heardAtStart(sent) });
}

/** A map of lxc's options is told as a list. */
function heardAtStart(sent: Shape): Shape {
  const { LxcConf, ...known } = given(Object.fromEntries(AT_START.map((name) => [name, sent[name]])));
  if (LxcConf === undefined || Array.isArray(LxcConf)) return { ...known, ...given({ LxcConf }) };
  return { ...known, LxcConf: Object.entries(LxcConf as Shape).map(([Key, Value]) => ({ Key, Value })) };
}

function given(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined && value !== null));
}

interface PortSpec {
  readonly port: string;
  readonly binding: PortBinding;
}

/** `80`, `8080:80`, `127.0.0.1:8080:80/udp`. */
function parsedSpec(spec: string): PortSpec {
  const [places = "", type = "tcp"] = spec.split("/");
  const [own = "", HostPort = "", HostIp = ""] = places.split(":").reverse();
  return { port: `${own}/${type}`, binding: { HostIp, HostPort } };
}

function bindingsOf(specs: readonly PortSpec[]): Record<string, PortBinding[]> {
  const bindings: Record<string, PortBinding[]> = {};
  for (const { port, binding } of specs) bindings[port] = [...(bindings[port] ?? []), binding];
  return bindings;
}
