/** The networks of a container as lists and inspections have them. */

import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { isBuiltin, type NetworkEndpoint } from "../../../model/network.ts";
import { toShortId } from "../../../model/short-id.ts";

function toEndpointJson(endpoint: NetworkEndpoint): ApiJson {
  return {
    IPAMConfig: endpoint.ipam,
    Links: endpoint.links,
    Aliases: endpoint.aliases,
    MacAddress: endpoint.mac || endpoint.requestedMac,
    DriverOpts: endpoint.driverOptions,
    GwPriority: endpoint.gatewayPriority,
    NetworkID: endpoint.networkId,
    EndpointID: endpoint.endpointId,
    Gateway: endpoint.gateway,
    IPAddress: endpoint.address,
    IPPrefixLen: endpoint.prefixLength,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    DNSNames: endpoint.dnsNames,
  };
}

export function toNetworksJson({ networks }: Container): ApiJson {
  return Object.fromEntries(Object.entries(networks).map(([name, endpoint]) => [name, toEndpointJson(endpoint)]));
}

/** Before 1.45 the aliases of user-defined networks also have the short id and the host name. */
export function addOwnAliases(networks: ApiJson, id: string, hostname: string): ApiJson {
  const addNames = ([name, endpoint]: readonly [string, ApiJson]): readonly [string, ApiJson] =>
    isBuiltin({ name })
      ? [name, endpoint]
      : [name, { ...endpoint, Aliases: [...new Set([...(endpoint.Aliases ?? []), toShortId(id), hostname])] }];
  return Object.fromEntries(Object.entries(networks).map(addNames));
}

/** The endpoints of dockerd 20.10 have neither priorities nor names, and another order. */
export function toOldNetworks(networks: ApiJson): ApiJson {
  return Object.fromEntries(Object.entries(networks).map(([name, endpoint]) => [name, toOldEndpoint(endpoint)]));
}

function toOldEndpoint({ MacAddress, DriverOpts, GwPriority, DNSNames, ...endpoint }: ApiJson): ApiJson {
  return { ...endpoint, MacAddress: endpoint.EndpointID === "" ? "" : MacAddress, DriverOpts };
}
