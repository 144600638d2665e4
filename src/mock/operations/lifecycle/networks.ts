/**
 * Connects containers to networks: at a start, at a stop, and when a client asks (moby
 * daemon/container_operations.go).
 */

import { badParameter, conflictError, forbiddenError, notFound, systemError } from "../../model/api-error.ts";
import { type Container, isRestarting, isRunning } from "../../model/container.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { createEndpoint, isBuiltin, type Network, type NetworkEndpoint } from "../../model/network.ts";
import { toShortId } from "../../model/short-id.ts";
import { checkLinks } from "../../runtime/links.ts";
import type { Engine } from "../engine.ts";
import { connectEndpoint, getRequestedAddress } from "./addresses.ts";
import { checkEndpoint } from "./check-endpoint.ts";

/** Connects all endpoints of a container that starts. `emitConnects` emits the events of dockerd 28. @throws ApiError 404 for an unknown network */
export function connectNetworks(engine: Engine, container: Container): Container {
  checkSharedNetwork(engine, container.hostConfig.NetworkMode);
  checkLinks(engine, container);
  const networks: Record<string, NetworkEndpoint> = {};
  try {
    for (const [name, endpoint] of Object.entries(container.networks)) {
      const network = resolveNetwork(engine, name, endpoint);
      networks[network.name] = connectEndpoint(
        engine,
        network,
        withOldMac(engine, container, name, withNames(engine, container, network, endpoint)),
        toIdKind(container, "endpoint"),
      );
      if (isOlderEngine(engine.release, "28")) emitNetworkEvent(engine, network, "connect", container);
    }
  } catch (error) {
    disconnectNetworks(engine, { ...container, networks });
    throw error;
  }
  const sandboxId = isSharingNetwork(container) ? "" : engine.random.drawId(toIdKind(container, "sandbox"));
  return { ...container, networks, sandboxId };
}

/** In dockerd 20.10 the container's MAC address is that of its main network. In 28 the endpoint has its own. */
function withOldMac(
  { release }: Engine,
  container: Container,
  name: string,
  endpoint: NetworkEndpoint,
): NetworkEndpoint {
  const { config, hostConfig } = container;
  const isMain = name === (hostConfig.NetworkMode === "default" ? "bridge" : hostConfig.NetworkMode);
  if (!isMain || !isOlderEngine(release, "28")) return endpoint;
  return { ...endpoint, requestedMac: config.MacAddress ?? "" };
}

/** dockerd 28 connects a container when its process is ready, 20.10 before. */
export function emitConnects(engine: Engine, container: Container): void {
  if (isOlderEngine(engine.release, "28")) return;
  for (const { networkId } of Object.values(container.networks)) {
    const network = engine.networks.get(networkId);
    if (network !== undefined) emitNetworkEvent(engine, network, "connect", container);
  }
}

/** The names of a container that is renamed. dockerd 28 also names it in built-in networks then. */
export function renameEndpoints(engine: Engine, container: Container): Container {
  if (isOlderEngine(engine.release, "28") || container.sandboxId === "" || !isRunning(container)) return container;
  const rename = (endpoint: NetworkEndpoint): NetworkEndpoint => ({
    ...endpoint,
    dnsNames: listNames(container, endpoint),
  });
  const renamed = Object.entries(container.networks).map(([name, endpoint]) => [name, rename(endpoint)]);
  return { ...container, networks: Object.fromEntries(renamed) };
}

function listNames({ id, name, config }: Container, { aliases }: NetworkEndpoint): string[] {
  return [...new Set([name, ...(aliases ?? []), toShortId(id), config.Hostname])];
}

function toIdKind(container: Container, kind: string): string {
  return isRestarting(container) ? `${kind} again` : kind;
}

/** The container of `container:web` must exist and run. */
function checkSharedNetwork(engine: Engine, mode: string): void {
  if (!mode.startsWith("container:")) return;
  const other = engine.containers.find(mode.slice("container:".length));
  if (isRunning(other)) return;
  if (isOlderEngine(engine.release, "28")) {
    throw conflictError(`cannot join network of a non running container: ${other.id}`);
  }
  const state = `container ${other.name} is ${other.state.status}`;
  throw conflictError(`cannot join network namespace of a non running container: ${state}`);
}

/** Disconnects all endpoints of a container that stops. */
export function disconnectNetworks(engine: Engine, container: Container): Container {
  const networks: Record<string, NetworkEndpoint> = {};
  for (const [name, endpoint] of Object.entries(container.networks)) {
    engine.addresses.release(endpoint.networkId, endpoint.address);
    networks[name] = clearEndpoint(endpoint);
    const network = engine.networks.get(endpoint.networkId);
    if (network !== undefined && endpoint.endpointId !== "") emitNetworkEvent(engine, network, "disconnect", container);
  }
  // 20.10 goes on to name the network namespace that was.
  const sandboxId = isOlderEngine(engine.release, "28") ? container.sandboxId : "";
  return { ...container, networks, ports: {}, sandboxId };
}

/** A container that was connected before knows its network by id. */
function resolveNetwork({ networks }: Engine, name: string, { networkId }: NetworkEndpoint): Network {
  if (networkId === "") return networks.find(name);
  const network = networks.get(networkId);
  if (network === undefined) throw notFound(`network ${networkId} not found`);
  return network;
}

function clearEndpoint(endpoint: NetworkEndpoint): NetworkEndpoint {
  return { ...endpoint, endpointId: "", gateway: "", address: "", prefixLength: 0, mac: "" };
}

/**
 * In a user-defined network, a container also has its short id and its host name as names. dockerd 20.10 adds them to
 * the aliases, 28 to `DNSNames` (moby daemon/network.go, buildEndpointDNSNames).
 */
function withNames(
  { release }: Engine,
  container: Container,
  network: Network,
  endpoint: NetworkEndpoint,
): NetworkEndpoint {
  if (isBuiltin(network)) return endpoint;
  const named = { ...endpoint, dnsNames: listNames(container, endpoint) };
  if (!isOlderEngine(release, "28")) return named;
  const { id, config } = container;
  return { ...named, aliases: [...new Set([...(endpoint.aliases ?? []), toShortId(id), config.Hostname])] };
}

/** The event is the network's, with the container as an attribute. */
function emitNetworkEvent(engine: Engine, { id, name, driver }: Network, action: string, container: Container): void {
  emitEvent(engine, "network", action, id, { container: container.id, name, type: driver });
}

function isSharingNetwork({ hostConfig: { NetworkMode } }: Container): boolean {
  return NetworkMode.startsWith("container:");
}

/**
 * Connects a container to one more network: at once if it runs, else at its start.
 * @throws ApiError 400 if the modes do not allow it, 403 if it is connected already
 */
export function connectToNetwork(
  engine: Engine,
  network: Network,
  container: Container,
  settings: NetworkEndpoint | undefined,
): void {
  // dockerd 28.5 forgets the MAC address that a client asks for here, if the container runs.
  const endpoint = { ...(settings ?? createEndpoint("")), ...(isRunning(container) ? { requestedMac: "" } : {}) };
  if (!isOlderEngine(engine.release, "28")) checkEndpoint(network, settings ?? endpoint);
  checkModes(network, container);
  if (isRunning(container)) connectRunning(engine, network, container, endpoint);
  else {
    const hasNames = settings !== undefined || !isOlderEngine(engine.release, "28");
    const named = hasNames ? withNames(engine, container, network, endpoint) : endpoint;
    engine.containers.put({ ...container, networks: { ...container.networks, [network.name]: named } });
  }
}

function connectRunning(engine: Engine, network: Network, container: Container, endpoint: NetworkEndpoint): void {
  if (isOlderEngine(engine.release, "28")) checkSettings(network, endpoint);
  if ((container.networks[network.name]?.endpointId ?? "") !== "") {
    throw forbiddenError(`endpoint with name ${container.name} already exists in network ${network.name}`);
  }
  const place = connectEndpoint(engine, network, withNames(engine, container, network, endpoint));
  engine.containers.put({ ...container, networks: { ...container.networks, [network.name]: place } });
  emitNetworkEvent(engine, network, "connect", container);
}

function checkModes(network: Network, container: Container): void {
  const { NetworkMode } = container.hostConfig;
  if (NetworkMode === "host" || isSharingNetwork(container)) {
    throw badParameter(
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  }
  if (network.name === "host") throw badParameter(HOST_NETWORK_ERROR);
  if (network.name === "none" || NetworkMode === "none") {
    throw badParameter(
      "container cannot be connected to multiple networks with one of the networks in private (none) mode",
    );
  }
}

const HOST_NETWORK_ERROR = "container cannot be disconnected from host network or connected to host network";

function checkSettings(network: Network, endpoint: NetworkEndpoint): void {
  const asksForAddress = getRequestedAddress(endpoint) !== undefined;
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

/** @throws ApiError 400 for the host network, 500 if the container is not connected */
export function disconnectFromNetwork(engine: Engine, network: Network, container: Container): void {
  if (network.name === "host") throw badParameter(HOST_NETWORK_ERROR);
  const { [network.name]: place, ...networks } = container.networks;
  if (place === undefined) {
    const what = isRunning(container) ? "network" : "the network";
    throw systemError(`container ${container.id} is not connected to ${what} ${network.name}`);
  }
  engine.containers.put({ ...container, networks });
  engine.addresses.release(place.networkId, place.address);
  if (place.endpointId !== "") emitNetworkEvent(engine, network, "disconnect", container);
}

/** The containers that are connected to a network now. */
export function* listConnected(
  engine: Engine,
  { id }: Network,
): Generator<{ readonly container: Container; readonly endpoint: NetworkEndpoint }> {
  for (const container of engine.containers) {
    for (const endpoint of Object.values(container.networks)) {
      if (endpoint.networkId === id && endpoint.endpointId !== "") yield { container, endpoint };
    }
  }
}
