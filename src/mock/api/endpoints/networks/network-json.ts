/** The JSON of a network (moby api/server/router/network/network_routes.go). */

import { rfc3339Nano } from "../../../model/go-time.ts";
import type { Network } from "../../../model/network.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { connectedTo } from "../../../operations/lifecycle/networks.ts";

export function toNetworkJson(network: Network, containers: Shape = {}): Shape {
  return {
    Name: network.name,
    Id: network.id,
    Created: rfc3339Nano(network.created),
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
export function toMembersJson(engine: Engine, network: Network): Shape {
  const members = [...connectedTo(engine, network)].map(({ container, endpoint }) => [
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
