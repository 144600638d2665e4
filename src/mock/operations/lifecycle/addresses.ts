/** Addresses in networks: the pools that networks get, and the places that containers get in them (libnetwork ipam). */

import { ApiError, systemError } from "../../model/api-error.ts";
import type { Network, NetworkEndpoint } from "../../model/network.ts";
import { addressIn, addressText, contains, overlap, type Subnet, subnetIn } from "../../model/subnet.ts";
import type { Engine } from "../engine.ts";

/** Pools of 172.18.0.0/16 to 172.31.0.0/16, and after them of 192.168.0.0/20 (libnetwork ipamutils/utils.go). */
const LARGE_POOLS = 14;
const SMALL_POOLS = 16;
const SMALL_POOL_STEP = 16;

/** The next pool that nobody has. */
export function freePool(engine: Engine): string {
  const taken = subnetsOf(engine);
  for (let tries = 0; tries < LARGE_POOLS + SMALL_POOLS; tries += 1) {
    const text = poolText(engine.networks.nextPool());
    const subnet = subnetIn(text) as Subnet;
    if (!taken.some((other) => overlap(subnet, other))) return text;
  }
  throw new ApiError(
    404,
    "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
  );
}

function poolText(number: number): string {
  const index = (number - 1) % (LARGE_POOLS + SMALL_POOLS);
  if (index < LARGE_POOLS) return `172.${18 + index}.0.0/16`;
  return `192.168.${(index - LARGE_POOLS) * SMALL_POOL_STEP}.0/20`;
}

export function subnetsOf(engine: Engine): Subnet[] {
  return [...engine.networks].flatMap(({ subnet }) => subnetIn(subnet ?? "") ?? []);
}

/**
 * A place in a network, with the address asked for or the first that is free.
 * @param kind what its id is counted as
 * @throws Refusal
 */
export function connected(
  engine: Engine,
  network: Network,
  endpoint: NetworkEndpoint,
  kind: string = "endpoint",
): NetworkEndpoint {
  const subnet = subnetIn(network.subnet ?? "");
  const address = subnet === undefined ? "" : addressFor(engine, network, subnet, endpoint);
  const base = { ...endpoint, networkId: network.id, endpointId: engine.random.id(kind) };
  if (subnet === undefined) return base;
  engine.addresses.take(network.id, address);
  return { ...base, gateway: network.gateway ?? "", address, prefixLength: subnet.prefix, mac: macOf(address) };
}

export function wantedAddress({ ipam }: NetworkEndpoint): string | undefined {
  const wanted = ipam?.IPv4Address;
  return typeof wanted === "string" && wanted !== "" ? wanted : undefined;
}

function macOf(address: string): string {
  const digits = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "42", ...digits].join(":");
}

function addressFor(engine: Engine, network: Network, subnet: Subnet, endpoint: NetworkEndpoint): string {
  const wanted = wantedAddress(endpoint);
  if (wanted === undefined) return freeAddress(engine, network, subnet);
  const number = addressIn(wanted);
  if (number === undefined) throw systemError(`Invalid IPv4 address: ${wanted})`);
  if (!contains(subnet, number)) {
    throw systemError(`Invalid address ${wanted}: It does not belong to any of this network's subnets`);
  }
  if (isTaken(engine, network, wanted)) throw new ApiError(403, "Address already in use");
  return wanted;
}

function isTaken({ addresses }: Engine, { id, gateway, reserved = [] }: Network, address: string): boolean {
  return address === gateway || reserved.includes(address) || addresses.isTaken(id, address);
}

/** Neither the subnet's own address, nor the last, which is everybody's. */
function freeAddress(engine: Engine, network: Network, subnet: Subnet): string {
  const { id, gateway, reserved = [], range } = network;
  for (const address of [gateway ?? "", ...reserved]) engine.addresses.take(id, address);
  const pool = subnetIn(range ?? "") ?? subnet;
  const first = Math.max(pool.first, subnet.first + 1);
  const end = Math.min(pool.first + pool.size, subnet.first + subnet.size - 1);
  const address = engine.addresses.free(id, first, end, addressText);
  if (address === undefined) throw new ApiError(403, "no available IPv4 addresses on this network's address pools");
  return address;
}
