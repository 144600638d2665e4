/** Reads the network endpoints of a new container from a client's request. */
import { badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { createEndpoint, type NetworkEndpoint } from "../../model/network.ts";

/**
 * The endpoints before the start. A container that shares another's network has none. dockerd 28 takes several.
 * @throws ApiError 400 for more than one, as dockerd 20.10
 */
export function toEndpoints(
  release: EngineRelease,
  { NetworkMode }: HostConfig,
  endpoints: Readonly<Record<string, ApiJson>>,
): Record<string, NetworkEndpoint> {
  if (NetworkMode.startsWith("container:")) return {};
  const all = Object.entries(endpoints);
  if (all.length > 0 && !isOlderEngine(release, "28")) {
    return Object.fromEntries(all.map(([name, sent]) => [name, toEndpoint(release, sent)]));
  }
  if (all.length > 1) {
    throw badParameter(`Container cannot be connected to network endpoints: ${Object.keys(endpoints).join(", ")}`);
  }
  const name = NetworkMode === "default" ? "bridge" : NetworkMode;
  const settings = endpoints[name] ?? endpoints[NetworkMode] ?? {};
  return { [name]: toEndpoint(release, settings) };
}

/**
 * Reads `EndpointSettings`. dockerd 20.10 ignores a MAC address and a priority.
 * @param sent `EndpointSettings` of a client's request
 */
export function toEndpoint(release: EngineRelease, sent: ApiJson): NetworkEndpoint {
  const { MacAddress, GwPriority } = isOlderEngine(release, "28") ? ({} as ApiJson) : sent;
  return createEndpoint("", {
    aliases: sent.Aliases ?? null,
    links: sent.Links ?? null,
    ipam: sent.IPAMConfig ?? null,
    driverOptions: sent.DriverOpts ?? null,
    requestedMac: MacAddress ?? "",
    gatewayPriority: GwPriority ?? 0,
  });
}
