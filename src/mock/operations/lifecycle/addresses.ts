/** Allocates address pools to networks, and addresses to endpoints (libnetwork ipam). */

import { forbiddenError, notFound, systemError } from "../../model/api-error.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { Network, NetworkEndpoint } from "../../model/network.ts";
import {
  formatAddress,
  isInSubnet,
  isOverlapping,
  parseAddress,
  parseSubnet,
  type Subnet,
} from "../../model/subnet.ts";
import type { Engine } from "../engine.ts";

/** Pools of 172.18.0.0/16 to 172.31.0.0/16, and after them of 192.168.0.0/20 (libnetwork ipamutils/utils.go). */
const LARGE_POOLS = 14;
const SMALL_POOLS = 16;
const SMALL_POOL_STEP = 16;

/** The next free pool. @throws ApiError 404 if all are taken */
export function allocatePool(engine: Engine): string {
  const taken = listSubnets(engine);
  for (let tries = 0; tries < LARGE_POOLS + SMALL_POOLS; tries += 1) {
    const text = formatPool(engine.networks.takePoolNumber());
    const subnet = parseSubnet(text) as Subnet;
    if (!taken.some((other) => isOverlapping(subnet, other))) return text;
  }
  throw notFound(
    "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
  );
}

function formatPool(number: number): string {
  const index = (number - 1) % (LARGE_POOLS + SMALL_POOLS);
  if (index < LARGE_POOLS) return `172.${18 + index}.0.0/16`;
  return `192.168.${(index - LARGE_POOLS) * SMALL_POOL_STEP}.0/20`;
}

export function listSubnets(engine: Engine): Subnet[] {
  return [...engine.networks].flatMap(({ subnet }) => parseSubnet(subnet ?? "") ?? []);
}

/**
 * Connects an endpoint, with the address that it requests or the first free one.
 * @param kind the kind of id: each kind has its own sequence
 * @throws ApiError 403 for an address in use, or a full network; 500 for an address outside the network
 */
export function connectEndpoint(
  engine: Engine,
  network: Network,
  endpoint: NetworkEndpoint,
  kind: string = "endpoint",
): NetworkEndpoint {
  const subnet = parseSubnet(network.subnet ?? "");
  const address = subnet === undefined ? "" : chooseAddress(engine, network, subnet, endpoint);
  const base = { ...endpoint, networkId: network.id, endpointId: engine.random.drawId(kind) };
  if (subnet === undefined) return base;
  engine.addresses.take(network.id, address);
  return {
    ...base,
    gateway: isIsolated(engine, network) ? "" : (network.gateway ?? ""),
    address,
    prefixLength: subnet.prefix,
    mac: endpoint.requestedMac || toMacAddress(address),
  };
}

/** No way leads out of an internal network. dockerd 20.10 names its gateway all the same. */
function isIsolated({ release }: Engine, { isInternal }: Network): boolean {
  return isInternal && !isOlderEngine(release, "28");
}

export function getRequestedAddress({ ipam }: NetworkEndpoint): string | undefined {
  const address = ipam?.IPv4Address;
  return typeof address === "string" && address !== "" ? address : undefined;
}

function toMacAddress(address: string): string {
  const digits = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "42", ...digits].join(":");
}

function chooseAddress(engine: Engine, network: Network, subnet: Subnet, endpoint: NetworkEndpoint): string {
  const requested = getRequestedAddress(endpoint);
  if (requested === undefined) return findFreeAddress(engine, network, subnet);
  const number = parseAddress(requested);
  if (number === undefined) throw systemError(`Invalid IPv4 address: ${requested})`);
  if (!isInSubnet(subnet, number)) {
    throw systemError(`Invalid address ${requested}: It does not belong to any of this network's subnets`);
  }
  if (isTaken(engine, network, requested)) throw forbiddenError("Address already in use");
  return requested;
}

function isTaken({ addresses }: Engine, { id, gateway, reserved = [] }: Network, address: string): boolean {
  return address === gateway || reserved.includes(address) || addresses.isTaken(id, address);
}

/** Skips the subnet's own address and its last, which is the broadcast address. */
function findFreeAddress(engine: Engine, network: Network, subnet: Subnet): string {
  const { id, gateway, reserved = [], range } = network;
  for (const address of [gateway ?? "", ...reserved]) engine.addresses.take(id, address);
  const pool = parseSubnet(range ?? "") ?? subnet;
  const first = Math.max(pool.first, subnet.first + 1);
  const end = Math.min(pool.first + pool.size, subnet.first + subnet.size - 1);
  const address = engine.addresses.findFree(id, first, end, formatAddress);
  if (address === undefined) throw forbiddenError("no available IPv4 addresses on this network's address pools");
  return address;
}
