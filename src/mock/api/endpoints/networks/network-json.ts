/** The JSON of a network (moby api/server/router/network/network_routes.go). */

import type { ApiJson } from "../../../model/api-json.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import type { Network } from "../../../model/network.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listConnected } from "../../../operations/lifecycle/networks.ts";
import { downgradeTo, type ResponseDowngrade, type ResponseVersion } from "../../version/downgrade.ts";

/** A network in the client's version. */
export function toNetworkJson(version: ResponseVersion, network: Network, containers: ApiJson = {}): ApiJson {
  return downgradeTo(version, toNewestJson(network, containers), NETWORK_DOWNGRADES);
}

function toNewestJson(network: Network, containers: ApiJson): ApiJson {
  return {
    Name: network.name,
    Id: network.id,
    Created: formatRfc3339Nano(network.created),
    Scope: "local",
    Driver: network.driver,
    EnableIPv4: network.hasIpv4,
    EnableIPv6: network.hasIpv6,
    IPAM: network.subnet === undefined ? { ...network.ipam, Config: null } : network.ipam,
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

/** dockerd 20.10 knows no networks without IPv4, and has an empty list for networks without addresses. */
const NETWORK_DOWNGRADES: readonly ResponseDowngrade[] = [
  {
    sinceEngine: "28",
    downgrade: ({ EnableIPv4, ...json }) => ({ ...json, IPAM: { ...json.IPAM, Config: json.IPAM.Config ?? [] } }),
  },
];

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
