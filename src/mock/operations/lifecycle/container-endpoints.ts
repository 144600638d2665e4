/** Reads the network endpoints of a new container from a client's request. */
import { badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { createEndpoint, type NetworkEndpoint } from "../../model/network.ts";

/**
 * The endpoints before the start. A container that shares another's network has none.
 * @throws ApiError 400 for more than one
 */
export function toEndpoints(
  { NetworkMode }: HostConfig,
  endpoints: Readonly<Record<string, ApiJson>>,
): Record<string, NetworkEndpoint> {
  if (NetworkMode.startsWith("container:")) return {};
  if (Object.keys(endpoints).length > 1) {
    throw badParameter(`Container cannot be connected to network endpoints: ${Object.keys(endpoints).join(", ")}`);
  }
  const name = NetworkMode === "default" ? "bridge" : NetworkMode;
  const settings = endpoints[name] ?? endpoints[NetworkMode] ?? {};
  return { [name]: toEndpoint(settings) };
}

/** @param sent `EndpointSettings` of a client's request */
export function toEndpoint(sent: ApiJson): NetworkEndpoint {
  return createEndpoint("", {
    aliases: sent.Aliases ?? null,
    links: sent.Links ?? null,
    ipam: sent.IPAMConfig ?? null,
    driverOptions: sent.DriverOpts ?? null,
    requestedMac: sent.MacAddress ?? "",
    gatewayPriority: sent.GwPriority ?? 0,
  });
}
