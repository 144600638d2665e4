/** A container's endpoint in a network (moby api/types/network). */
export interface NetworkEndpoint {
  readonly networkId: string;
  /** Empty while the container does not run, like the addresses. */
  readonly endpointId: string;
  readonly gateway: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly mac: string;
  readonly aliases: readonly string[] | null;
  /** All names of the container in a user-defined network. Null in the built-in networks, and before the first start. */
  readonly dnsNames: readonly string[] | null;
  /** The MAC address that the client chose, or an empty text. */
  readonly requestedMac: string;
  /** The endpoint with the highest priority is the default gateway. */
  readonly gatewayPriority: number;
  readonly links: readonly string[] | null;
  /** The client's `IPAMConfig`. */
  readonly ipam: Readonly<Record<string, unknown>> | null;
  readonly driverOptions: Readonly<Record<string, string>> | null;
}

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly created: bigint;
  readonly isInternal: boolean;
  readonly isAttachable: boolean;
  readonly hasIpv4: boolean;
  readonly hasIpv6: boolean;
  /** `172.17.0.0/16`. Undefined for a driver without addresses. */
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  /** The part of the subnet that addresses are allocated from. */
  readonly range?: string | undefined;
  /** Auxiliary addresses, which no container gets. */
  readonly reserved?: readonly string[];
  /** The client chose the subnet. Only then may containers request addresses. */
  readonly hasOwnSubnet?: boolean;
  /** `IPAM` as the API shows it. */
  readonly ipam: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** The networks of every daemon, which cannot be removed. */
export function isBuiltin({ name }: Pick<Network, "name">): boolean {
  return name === "bridge" || name === "host" || name === "none";
}

/** An endpoint of a container that does not run. */
export function createEndpoint(networkId: string, settings: Partial<NetworkEndpoint> = {}): NetworkEndpoint {
  return {
    networkId,
    endpointId: "",
    gateway: "",
    address: "",
    prefixLength: 0,
    mac: "",
    aliases: null,
    dnsNames: null,
    requestedMac: "",
    gatewayPriority: 0,
    links: null,
    ipam: null,
    driverOptions: null,
    ...settings,
  };
}

/** Creates the networks of every daemon: `bridge`, `host` and `none`. */
export function createBuiltinNetworks(id: () => string, created: bigint): Network[] {
  const base = { created, isInternal: false, isAttachable: false, hasIpv4: true, hasIpv6: false, labels: {} };
  const bridge: Network = {
    ...base,
    id: id(),
    name: "bridge",
    driver: "bridge",
    subnet: "172.17.0.0/16",
    gateway: "172.17.0.1",
    ipam: { Driver: "default", Options: null, Config: [{ Subnet: "172.17.0.0/16", Gateway: "172.17.0.1" }] },
    options: {
      "com.docker.network.bridge.default_bridge": "true",
      "com.docker.network.bridge.enable_icc": "true",
      "com.docker.network.bridge.enable_ip_masquerade": "true",
      "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
      "com.docker.network.bridge.name": "docker0",
      "com.docker.network.driver.mtu": "1500",
    },
  };
  const plain = { ...base, subnet: undefined, gateway: undefined, options: {} };
  const ipam = { Driver: "default", Options: null, Config: [] };
  return [
    bridge,
    { ...plain, id: id(), name: "host", driver: "host", ipam },
    { ...plain, id: id(), name: "none", driver: "null", ipam },
  ];
}
