/** The networks of a container as lists and inspections have them. */

import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import type { NetworkEndpoint } from "../../../model/network.ts";

function toEndpointJson(endpoint: NetworkEndpoint): ApiJson {
  return {
    IPAMConfig: endpoint.ipam,
    Links: endpoint.links,
    Aliases: endpoint.aliases,
    NetworkID: endpoint.networkId,
    EndpointID: endpoint.endpointId,
    Gateway: endpoint.gateway,
    IPAddress: endpoint.address,
    IPPrefixLen: endpoint.prefixLength,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint.mac,
    DriverOpts: endpoint.driverOptions,
  };
}

export function toNetworksJson({ networks }: Container): ApiJson {
  return Object.fromEntries(Object.entries(networks).map(([name, endpoint]) => [name, toEndpointJson(endpoint)]));
}
