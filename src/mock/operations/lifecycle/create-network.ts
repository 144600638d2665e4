/** Creates networks: checks and completes a client's request (moby daemon/network.go, libnetwork). */

import { conflictError, forbiddenError, notFound, systemError } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { isBuiltin, type Network } from "../../model/network.ts";
import {
  formatAddress,
  isInSubnet,
  isOverlapping,
  parseAddress,
  parseSubnet,
  type Subnet,
} from "../../model/subnet.ts";
import type { Engine } from "../engine.ts";
import { allocatePool, listSubnets } from "./addresses.ts";
import { checkIpam } from "./check-endpoint.ts";

const DRIVERS: ReadonlySet<string> = new Set(["bridge", "macvlan", "ipvlan"]);

export interface CreatedNetwork {
  readonly network: Network;
  readonly warning: string;
}

/**
 * Creates a network.
 * @param request the body of POST /networks/create
 * @throws ApiError 403, 404, 409 or 500, as dockerd refuses
 */
export function createNetwork(engine: Engine, request: ApiJson): CreatedNetwork {
  const { Name: name = "", Driver, CheckDuplicate = false, Scope = "", IPAM } = request;
  if (isBuiltin({ name })) throw forbiddenError(`operation is not permitted on predefined ${name} network `);
  const twin = engine.networks.getByName(name);
  const isOld = isOlderEngine(engine.release, "28");
  if (twin !== undefined && (CheckDuplicate === true || !isOld))
    throw conflictError(`network with name ${name} already exists`);
  if (Scope === "swarm") throw forbiddenError("cannot create a swarm scoped network when swarm is not active");
  if (name === "") throw systemError("invalid name: ");
  const driver = Driver || "bridge";
  checkDriver(driver);
  if (!isOld) checkIpam(IPAM?.Config ?? []);
  const network = putNetwork(engine, { ...request, Driver: driver });
  emitEvent(engine, "network", "create", network.id, { name, type: driver });
  return { network, warning: twin === undefined ? "" : `Network with name ${name} (id : ${twin.id}) already exists` };
}

/** Adds a network without any check or event. */
export function putNetwork(engine: Engine, request: ApiJson): Network {
  const { Name: name, Driver: driver = "bridge", IPAM } = request;
  return engine.networks.put({
    id: engine.random.drawId("network"),
    name,
    driver,
    created: engine.time.stamp(),
    isInternal: request.Internal === true,
    isAttachable: request.Attachable === true,
    hasIpv4: request.EnableIPv4 !== false,
    hasIpv6: request.EnableIPv6 === true,
    ...toPool(engine, IPAM ?? {}),
    options: request.Options ?? {},
    labels: request.Labels ?? {},
  });
}

function checkDriver(driver: string): void {
  if (DRIVERS.has(driver)) return;
  if (driver === "host" || driver === "null")
    throw forbiddenError(`only one instance of "${driver}" network is allowed`);
  if (driver === "overlay") {
    const ways = `Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.`;
    throw systemError(`This node is not a swarm manager. ${ways}`);
  }
  throw notFound(`plugin "${driver}" not found`);
}

type NetworkPool = Pick<Network, "subnet" | "gateway" | "range" | "reserved" | "hasOwnSubnet" | "ipam">;

/** The requested pool, or the next free one. IPv6 pools are only shown, not used. */
function toPool(engine: Engine, { Driver = "", Options = null, Config }: ApiJson): NetworkPool {
  const driver = Driver || "default";
  if (driver !== "default" && driver !== "null") throw notFound(`plugin "${driver}" not found`);
  const configs = (Config as ApiJson[] | null | undefined) ?? [];
  const ipam = { Driver: driver, Options };
  const own = configs.find(({ Subnet = "" }) => !Subnet.includes(":"));
  if (own !== undefined)
    return { ...toRequestedPool(engine, own), ipam: { ...ipam, Config: configs.map(toIpamConfig) } };
  const subnet = allocatePool(engine);
  const gateway = formatAddress((parseSubnet(subnet) as Subnet).first + 1);
  const made = { Subnet: subnet, Gateway: gateway };
  return { subnet, gateway, ipam: { ...ipam, Config: configs.length === 0 ? [made] : configs.map(toIpamConfig) } };
}

function toRequestedPool(
  engine: Engine,
  { Subnet = "", IPRange, Gateway, AuxiliaryAddresses }: ApiJson,
): Omit<NetworkPool, "ipam"> {
  const subnet = parseSubnet(Subnet);
  if (subnet === undefined) throw systemError(`Invalid subnet ${Subnet} : invalid CIDR address: ${Subnet}`);
  if (listSubnets(engine).some((other) => isOverlapping(subnet, other))) {
    throw forbiddenError("Pool overlaps with other one on this address space");
  }
  const range = IPRange ? parseSubnet(IPRange) : undefined;
  if (IPRange && range === undefined) {
    const request = `address space "LocalDefault" pool "${Subnet}" subpool "${IPRange}"`;
    throw systemError(`failed to parse pool request for ${request}: Invalid Address SubPool`);
  }
  if (Gateway && parseAddress(Gateway) === undefined) {
    throw systemError(`invalid gateway address ${Gateway} in Ipam configuration`);
  }
  const gateway = Gateway || formatAddress((range ?? subnet).first + 1);
  if (!isInSubnet(subnet, parseAddress(gateway) ?? -1)) {
    throw systemError(`failed to allocate gateway (${gateway}): Requested address is out of range`);
  }
  for (const [name, address] of Object.entries((AuxiliaryAddresses ?? {}) as Record<string, string>)) {
    if (isInSubnet(subnet, parseAddress(address) ?? -1)) continue;
    throw forbiddenError(`auxiliary address: (${name}:${address}) must belong to the master pool: ${Subnet}`);
  }
  const reserved = Object.values((AuxiliaryAddresses ?? {}) as Record<string, string>);
  return { subnet: Subnet, gateway, range: IPRange || undefined, reserved, hasOwnSubnet: true };
}

/** Omits empty members, as Go's omitempty does. */
function toIpamConfig({ Subnet, IPRange, Gateway, AuxiliaryAddresses = {} }: ApiJson): ApiJson {
  return {
    ...(Subnet ? { Subnet } : {}),
    ...(IPRange ? { IPRange } : {}),
    ...(Gateway ? { Gateway } : {}),
    ...(Object.keys(AuxiliaryAddresses ?? {}).length === 0 ? {} : { AuxiliaryAddresses }),
  };
}
