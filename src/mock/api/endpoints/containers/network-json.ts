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
  return mapMembers(networks, toEndpointJson);
}

/** The same in a list, which does not have the container's names in its networks. */
export function toListedNetworksJson({ networks }: Container): ApiJson {
  return mapMembers(networks, (endpoint) => ({
    ...toEndpointJson(endpoint),
    Links: null,
    Aliases: null,
    DriverOpts: null,
    DNSNames: null,
  }));
}

function mapMembers<T>(record: Readonly<Record<string, T>>, map: (member: T) => ApiJson): ApiJson {
  return Object.fromEntries(Object.keys(record).map((name) => [name, map(record[name] as T)]));
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
  return mapMembers(networks, toOldEndpoint);
}

function toOldEndpoint(endpoint: ApiJson): ApiJson {
  return {
    IPAMConfig: endpoint.IPAMConfig,
    Links: endpoint.Links,
    Aliases: endpoint.Aliases,
    NetworkID: endpoint.NetworkID,
    EndpointID: endpoint.EndpointID,
    Gateway: endpoint.Gateway,
    IPAddress: endpoint.IPAddress,
    IPPrefixLen: endpoint.IPPrefixLen,
    IPv6Gateway: endpoint.IPv6Gateway,
    GlobalIPv6Address: endpoint.GlobalIPv6Address,
    GlobalIPv6PrefixLen: endpoint.GlobalIPv6PrefixLen,
    MacAddress: endpoint.EndpointID === "" ? "" : endpoint.MacAddress,
    DriverOpts: endpoint.DriverOpts,
  };
}
