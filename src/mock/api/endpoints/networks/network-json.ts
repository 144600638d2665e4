/** The JSON of a network (moby api/server/router/network/network_routes.go). */

import type { ApiJson } from "../../../model/api-json.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import type { Network } from "../../../model/network.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listConnected } from "../../../operations/lifecycle/networks.ts";

export function toNetworkJson(network: Network, containers: ApiJson = {}): ApiJson {
  return {
    Name: network.name,
    Id: network.id,
    Created: formatRfc3339Nano(network.created),
    Scope: "local",
    Driver: network.driver,
    EnableIPv6: network.hasIpv6,
    IPAM: network.ipam,
    Internal: network.isInternal,
    Attachable: network.isAttachable,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: containers,
    Options: network.options,
    Labels: network.labels,
  };
}

/** The running containers of the network, by id. */
export function toMembersJson(engine: Engine, network: Network): ApiJson {
  const members = [...listConnected(engine, network)].map(({ container, endpoint }) => [
    container.id,
    {
      Name: container.name,
      EndpointID: endpoint.endpointId,
      MacAddress: endpoint.mac,
      IPv4Address: endpoint.address === "" ? "" : `${endpoint.address}/${endpoint.prefixLength}`,
      IPv6Address: "",
    },
  ]);
  return Object.fromEntries(members);
}
