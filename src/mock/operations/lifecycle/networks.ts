/**
 * A container's places in networks: taken when it starts, given up when it stops, and added and taken away by clients
 * (moby daemon/container_operations.go).
 */

import { ApiError, badParameter, conflict, notFound, systemError } from "../../model/api-error.ts";
import { type Container, isComingBack, isRunning } from "../../model/container.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isBuiltin, type Network, type NetworkEndpoint, unconnected } from "../../model/network.ts";
import { checkLinks } from "../../runtime/links.ts";
import type { Engine } from "../engine.ts";
import { connected, wantedAddress } from "./addresses.ts";

const SHORT = 12;

/** Takes its places. @throws Refusal 404 where there is no such network */
export function connectNetworks(engine: Engine, container: Container): Container {
  checkShared(engine, container.hostConfig.NetworkMode);
  checkLinks(engine, container);
  const networks: Record<string, NetworkEndpoint> = {};
  try {
    for (const [name, endpoint] of Object.entries(container.networks)) {
      const network = networkOf(engine, name, endpoint);
      networks[network.name] = connected(
        engine,
        network,
        withAliases(container, network, endpoint),
        kindFor(container, "endpoint"),
      );
      tellOfNetwork(engine, network, "connect", container);
    }
  } catch (error) {
    disconnectNetworks(engine, { ...container, networks });
    throw error;
  }
  const sandboxId = sharesNetworks(container) ? "" : engine.random.id(kindFor(container, "sandbox"));
  return { ...container, networks, sandboxId };
}

function kindFor(container: Container, kind: string): string {
  return isComingBack(container) ? `${kind} again` : kind;
}

/** `container:web`: it must be there, and run. */
function checkShared(engine: Engine, mode: string): void {
  if (!mode.startsWith("container:")) return;
  const other = engine.containers.find(mode.slice("container:".length));
  if (!isRunning(other)) throw conflict(`cannot join network of a non running container: ${other.id}`);
}

/** What is left of them when it does not run. */
export function disconnectNetworks(engine: Engine, container: Container): Container {
  const networks: Record<string, NetworkEndpoint> = {};
  for (const [name, endpoint] of Object.entries(container.networks)) {
    engine.addresses.release(endpoint.networkId, endpoint.address);
    networks[name] = givenUp(endpoint);
    const network = engine.networks.get(endpoint.networkId);
    if (network !== undefined && endpoint.endpointId !== "") tellOfNetwork(engine, network, "disconnect", container);
  }
  return { ...container, networks, ports: {} };
}

/** A network that it has been in before is known by its id, however it is called. */
function networkOf({ networks }: Engine, name: string, { networkId }: NetworkEndpoint): Network {
  if (networkId === "") return networks.find(name);
  const network = networks.get(networkId);
  if (network === undefined) throw notFound(`network ${networkId} not found`);
  return network;
}

function givenUp(endpoint: NetworkEndpoint): NetworkEndpoint {
  return { ...endpoint, endpointId: "", gateway: "", address: "", prefixLength: 0, mac: "" };
}

/** In a network that somebody made, a container is also found by its short id and its host name. */
function withAliases({ id, config }: Container, network: Network, endpoint: NetworkEndpoint): NetworkEndpoint {
  if (isBuiltin(network)) return endpoint;
  const aliases = new Set([...(endpoint.aliases ?? []), id.slice(0, SHORT), config.Hostname]);
  return { ...endpoint, aliases: [...aliases] };
}

/** Told of with the network, not with the container. */
function tellOfNetwork(engine: Engine, { id, name, driver }: Network, action: string, container: Container): void {
  emitEvent(engine, "network", action, id, { container: container.id, name, type: driver });
}

function sharesNetworks({ hostConfig: { NetworkMode } }: Container): boolean {
  return NetworkMode.startsWith("container:");
}

/**
 * A container gets a place in one more network, at once where it runs.
 * @throws Refusal where it cannot be in it, or is in it already
 */
export function connectToNetwork(
  engine: Engine,
  network: Network,
  container: Container,
  wanted: NetworkEndpoint | undefined,
): void {
  checkModes(network, container);
  const endpoint = wanted ?? unconnected("");
  if (isRunning(container)) connectRunning(engine, network, container, endpoint);
  else {
    const named = wanted === undefined ? endpoint : withAliases(container, network, endpoint);
    engine.containers.put({ ...container, networks: { ...container.networks, [network.name]: named } });
  }
}

function connectRunning(engine: Engine, network: Network, container: Container, endpoint: NetworkEndpoint): void {
  checkSettings(network, endpoint);
  if ((container.networks[network.name]?.endpointId ?? "") !== "") {
    throw new ApiError(403, `endpoint with name ${container.name} already exists in network ${network.name}`);
  }
  const place = connected(engine, network, withAliases(container, network, endpoint));
  engine.containers.put({ ...container, networks: { ...container.networks, [network.name]: place } });
  tellOfNetwork(engine, network, "connect", container);
}

function checkModes(network: Network, container: Container): void {
  const { NetworkMode } = container.hostConfig;
  if (NetworkMode === "host" || sharesNetworks(container)) {
    throw badParameter(
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  }
  if (network.name === "host") throw badParameter(NOT_THE_HOST);
  if (network.name === "none" || NetworkMode === "none") {
    throw badParameter(
      "container cannot be connected to multiple networks with one of the networks in private (none) mode",
    );
  }
}

const NOT_THE_HOST = "container cannot be disconnected from host network or connected to host network";

function checkSettings(network: Network, endpoint: NetworkEndpoint): void {
  const asksForAddress = wantedAddress(endpoint) !== undefined;
  if (isBuiltin(network) && asksForAddress) {
    throw badParameter("user specified IP address is supported on user defined networks only");
  }
  if (isBuiltin(network) && (endpoint.aliases ?? []).length > 0) {
    throw badParameter("network-scoped alias is supported only for containers in user defined networks");
  }
  if (asksForAddress && network.hasOwnSubnet !== true) {
    throw badParameter(
      "user specified IP address is supported only when connecting to networks with user configured subnets",
    );
  }
}

/** @throws Refusal where it is not in it */
export function disconnectFromNetwork(engine: Engine, network: Network, container: Container): void {
  if (network.name === "host") throw badParameter(NOT_THE_HOST);
  const { [network.name]: place, ...networks } = container.networks;
  if (place === undefined) {
    const what = isRunning(container) ? "network" : "the network";
    throw systemError(`container ${container.id} is not connected to ${what} ${network.name}`);
  }
  engine.containers.put({ ...container, networks });
  engine.addresses.release(place.networkId, place.address);
  if (place.endpointId !== "") tellOfNetwork(engine, network, "disconnect", container);
}

/** Those who have a place in it now. */
export function* connectedTo(
  engine: Engine,
  { id }: Network,
): Generator<{ readonly container: Container; readonly endpoint: NetworkEndpoint }> {
  for (const container of engine.containers) {
    for (const endpoint of Object.values(container.networks)) {
      if (endpoint.networkId === id && endpoint.endpointId !== "") yield { container, endpoint };
    }
  }
}
