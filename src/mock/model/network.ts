/** A network, and a container's place in it (moby api/types/network). */
export interface NetworkEndpoint {
  readonly networkId: string;
  /** Empty while its container does not run, as are the addresses. */
  readonly endpointId: string;
  readonly gateway: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly mac: string;
  readonly aliases: readonly string[] | null;
  readonly links: readonly string[] | null;
  /** What the client asked for; null where it did not. */
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
  readonly hasIpv6: boolean;
  /** `172.17.0.0/16`; undefined where the driver has none. */
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  /** Where addresses are handed out from, if not from the whole subnet. */
  readonly range?: string | undefined;
  /** Addresses in the subnet that are somebody else's. */
  readonly reserved?: readonly string[];
  /** The subnet was asked for: only then may containers ask for addresses in it. */
  readonly hasOwnSubnet?: boolean;
  /** The pool in the words of the client who made it, and the driver's own options. */
  readonly ipam: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Those that every daemon has, and that nobody can remove. */
export function isBuiltin({ name }: Pick<Network, "name">): boolean {
  return name === "bridge" || name === "host" || name === "none";
}

/** A container's place in a network while it does not run. */
export function unconnected(networkId: string, wanted: Partial<NetworkEndpoint> = {}): NetworkEndpoint {
  return {
    networkId,
    endpointId: "",
    gateway: "",
    address: "",
    prefixLength: 0,
    mac: "",
    aliases: null,
    links: null,
    ipam: null,
    driverOptions: null,
    ...wanted,
  };
}

/** The networks that every daemon has. */
export function builtinNetworks(id: () => string, created: bigint): Network[] {
  const base = { created, isInternal: false, isAttachable: false, hasIpv6: false, labels: {} };
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
