/** Finds the containers that share a network with a container, by address and by name (libnetwork resolver.go). */
import type { Container } from "../model/container.ts";
import type { EngineState } from "../model/engine-state.ts";
import { isBuiltin, type NetworkEndpoint } from "../model/network.ts";
import { toShortId } from "../model/short-id.ts";

/** A container, and its endpoint in the shared network. */
interface Neighbour {
  readonly container: Container;
  readonly endpoint: NetworkEndpoint;
}

type Containers = Pick<EngineState, "containers">;

/** The container at an address of one of the endpoints' networks. */
export function findNeighbour(
  engine: Containers,
  endpoints: readonly NetworkEndpoint[],
  address: string,
): Container | undefined {
  for (const { container, endpoint } of listNeighbours(engine, endpoints)) {
    if (endpoint.address === address) return container;
  }
  return undefined;
}

/** The address of a name: a container's name, short id or alias, or an alias that a link of an endpoint defines. */
export function resolveName(
  engine: Containers,
  endpoints: readonly NetworkEndpoint[],
  name: string,
): string | undefined {
  const names = new Set([name, ...resolveLinks(endpoints, name)]);
  for (const { container, endpoint } of listNeighbours(engine, endpoints)) {
    if (hasName(container, endpoint, names)) return endpoint.address;
  }
  return undefined;
}

/** All connected containers in the endpoints' networks, the container itself among them. */
function* listNeighbours({ containers }: Containers, endpoints: readonly NetworkEndpoint[]): Generator<Neighbour> {
  const networks = new Set(endpoints.map(({ networkId }) => networkId));
  for (const container of containers) {
    for (const endpoint of Object.values(container.networks)) {
      if (endpoint.address !== "" && networks.has(endpoint.networkId)) yield { container, endpoint };
    }
  }
}

/** The names of the containers that links such as `db:database` give this alias. */
function resolveLinks(endpoints: readonly NetworkEndpoint[], alias: string): string[] {
  return endpoints.flatMap(({ links }) =>
    (links ?? []).flatMap((link) => {
      const [name = "", as = name] = link.split(":");
      return as.toLowerCase() === alias ? [name.toLowerCase()] : [];
    }),
  );
}

/** Docker's own networks resolve no names. */
function hasName({ id, name, networks }: Container, endpoint: NetworkEndpoint, names: ReadonlySet<string>): boolean {
  const network = Object.entries(networks).find(([, one]) => one === endpoint);
  if (network === undefined || isBuiltin({ name: network[0] })) return false;
  return [name, toShortId(id), ...(endpoint.dnsNames ?? endpoint.aliases ?? [])].some((one) =>
    names.has(one.toLowerCase()),
  );
}
