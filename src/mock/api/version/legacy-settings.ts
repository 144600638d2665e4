/** Reads the host settings that old clients sent in the configuration of a create, or with the start. */

import type { ApiJson } from "../../model/api-json.ts";
import { type HostConfig, type PortBinding, toHostConfig } from "../../model/host-config.ts";
import { omitMembers } from "./downgrade.ts";

/** The settings that a start could have before 1.12. */
const START_SETTINGS = [
  "Binds",
  "ContainerIDFile",
  "LxcConf",
  "Privileged",
  "PortBindings",
  "Links",
  "PublishAllPorts",
];

interface LegacyCreateBody {
  readonly config: ApiJson;
  readonly hostConfig: ApiJson;
}

/** Before 1.15 the daemon ignored `HostConfig` at creation, and before 1.16 `MacAddress`. */
export function readLegacyCreateBody(sent: ApiJson): LegacyCreateBody {
  const { Memory, MemorySwap, CpuShares, Dns, VolumesFrom, PortSpecs, DisableNetwork, ...rest } = sent;
  const specs = ((PortSpecs as string[] | null | undefined) ?? []).map(parsePortSpec);
  const exposedPorts = Object.fromEntries(specs.map(({ port }) => [port, {}]));
  return {
    config: {
      ...omitMembers(rest, "HostConfig", "NetworkingConfig", "MacAddress"),
      ExposedPorts: { ...exposedPorts, ...rest.ExposedPorts },
      ...(DisableNetwork === true ? { NetworkDisabled: true } : {}),
    },
    hostConfig: {
      ...omitNulls({ Memory, MemorySwap, CpuShares, Dns }),
      ...(VolumesFrom ? { VolumesFrom: String(VolumesFrom).split(",") } : {}),
      ...(specs.length === 0 ? {} : { PortBindings: toPortBindings(specs) }),
    },
  };
}

/** A `HostConfig` of a start replaces the whole one of the creation (moby daemon/start.go, runconfig/hostconfig.go). */
export function readStartHostConfig(sent: ApiJson): HostConfig {
  const { Dns, DnsOptions, DnsSearch, MaskedPaths, ReadonlyPaths } = sent;
  return {
    ...toHostConfig(sent),
    Dns: Dns ?? [],
    DnsOptions: DnsOptions ?? [],
    DnsSearch: DnsSearch ?? [],
    MaskedPaths: MaskedPaths ?? null,
    ReadonlyPaths: ReadonlyPaths ?? null,
  };
}

/** Before 1.12 a start's settings only add to those of the creation. */
export function mergeLegacyHostConfig(created: HostConfig, sent: ApiJson): HostConfig {
  return toHostConfig({ ...created, ...readStartSettings(sent) });
}

/** Options of lxc may be a map. The daemon reports them as a list. */
function readStartSettings(sent: ApiJson): ApiJson {
  const { LxcConf, ...known } = omitNulls(Object.fromEntries(START_SETTINGS.map((name) => [name, sent[name]])));
  if (LxcConf === undefined || Array.isArray(LxcConf)) return { ...known, ...omitNulls({ LxcConf }) };
  return { ...known, LxcConf: Object.entries(LxcConf as ApiJson).map(([Key, Value]) => ({ Key, Value })) };
}

function omitNulls(shape: ApiJson): ApiJson {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined && value !== null));
}

interface PortSpec {
  readonly port: string;
  readonly binding: PortBinding;
}

/** Parses `80`, `8080:80` or `127.0.0.1:8080:80/udp`. */
function parsePortSpec(spec: string): PortSpec {
  const [address = "", type = "tcp"] = spec.split("/");
  const [own = "", HostPort = "", HostIp = ""] = address.split(":").reverse();
  return { port: `${own}/${type}`, binding: { HostIp, HostPort } };
}

function toPortBindings(specs: readonly PortSpec[]): Record<string, PortBinding[]> {
  const bindings: Record<string, PortBinding[]> = {};
  for (const { port, binding } of specs) bindings[port] = [...(bindings[port] ?? []), binding];
  return bindings;
}
