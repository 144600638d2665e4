/** A network's beginning: what a client asks for, checked and completed (moby daemon/network.go, libnetwork). */

import { ApiError, conflict, notFound, systemError } from "../../model/api-error.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isBuiltin, type Network } from "../../model/network.ts";
import type { Shape } from "../../model/shapes.ts";
import { addressIn, addressText, contains, overlap, type Subnet, subnetIn } from "../../model/subnet.ts";
import type { Engine } from "../engine.ts";
import { freePool, subnetsOf } from "./addresses.ts";

const DRIVERS: ReadonlySet<string> = new Set(["bridge", "macvlan", "ipvlan"]);

export interface Created {
  readonly network: Network;
  readonly warning: string;
}

/** `sent` is what comes with POST /networks/create. @throws Refusal for what the daemon would not create */
export function createNetwork(engine: Engine, sent: Shape): Created {
  const { Name: name = "", Driver, CheckDuplicate = false, Scope = "", IPAM } = sent;
  if (isBuiltin({ name })) throw forbidden(`operation is not permitted on predefined ${name} network `);
  const twin = engine.networks.named(name);
  if (twin !== undefined && CheckDuplicate === true) throw conflict(`network with name ${name} already exists`);
  if (Scope === "swarm") throw forbidden("cannot create a swarm scoped network when swarm is not active");
  if (name === "") throw systemError("invalid name: ");
  const driver = Driver || "bridge";
  checkDriver(driver);
  const network: Network = {
    id: engine.random.id("network"),
    name,
    driver,
    created: engine.time.stamp(),
    isInternal: sent.Internal === true,
    isAttachable: sent.Attachable === true,
    hasIpv6: sent.EnableIPv6 === true,
    ...poolOf(engine, IPAM ?? {}),
    options: sent.Options ?? {},
    labels: sent.Labels ?? {},
  };
  engine.networks.put(network);
  emitEvent(engine, "network", "create", network.id, { name, type: driver });
  return { network, warning: twin === undefined ? "" : `Network with name ${name} (id : ${twin.id}) already exists` };
}

function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

function checkDriver(driver: string): void {
  if (DRIVERS.has(driver)) return;
  if (driver === "host" || driver === "null") throw forbidden(`only one instance of "${driver}" network is allowed`);
  if (driver === "overlay") {
    const ways = `Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.`;
    throw systemError(`This node is not a swarm manager. ${ways}`);
  }
  throw notFound(`plugin "${driver}" not found`);
}

type Pool = Pick<Network, "subnet" | "gateway" | "range" | "reserved" | "hasOwnSubnet" | "ipam">;

/** Its addresses: those asked for, or the next pool that is free. Those of IPv6 are only told again. */
function poolOf(engine: Engine, { Driver = "", Options = null, Config }: Shape): Pool {
  const driver = Driver || "default";
  if (driver !== "default" && driver !== "null") throw notFound(`plugin "${driver}" not found`);
  const configs = (Config as Shape[] | null | undefined) ?? [];
  const ipam = { Driver: driver, Options };
  const own = configs.find(({ Subnet = "" }) => !Subnet.includes(":"));
  if (own !== undefined) return { ...askedPool(engine, own), ipam: { ...ipam, Config: configs.map(configShape) } };
  const subnet = freePool(engine);
  const gateway = addressText((subnetIn(subnet) as Subnet).first + 1);
  const made = { Subnet: subnet, Gateway: gateway };
  return { subnet, gateway, ipam: { ...ipam, Config: configs.length === 0 ? [made] : configs.map(configShape) } };
}

function askedPool(engine: Engine, { Subnet = "", IPRange, Gateway, AuxiliaryAddresses }: Shape): Omit<Pool, "ipam"> {
  const subnet = subnetIn(Subnet);
  if (subnet === undefined) throw systemError(`Invalid subnet ${Subnet} : invalid CIDR address: ${Subnet}`);
  if (subnetsOf(engine).some((other) => overlap(subnet, other))) {
    throw forbidden("Pool overlaps with other one on this address space");
  }
  const range = IPRange ? subnetIn(IPRange) : undefined;
  if (IPRange && range === undefined) throw systemError(`invalid CIDR address: ${IPRange}`);
  const gateway = Gateway || addressText((range ?? subnet).first + 1);
  if (!contains(subnet, addressIn(gateway) ?? -1)) {
    throw systemError(`failed to allocate gateway (${gateway}): Requested address is out of range`);
  }
  const reserved = Object.values((AuxiliaryAddresses ?? {}) as Record<string, string>);
  return { subnet: Subnet, gateway, range: IPRange || undefined, reserved, hasOwnSubnet: true };
}

/** Empty members are left out, as Go does. */
function configShape({ Subnet, IPRange, Gateway, AuxiliaryAddresses = {} }: Shape): Shape {
  return {
    ...(Subnet ? { Subnet } : {}),
    ...(IPRange ? { IPRange } : {}),
    ...(Gateway ? { Gateway } : {}),
    ...(Object.keys(AuxiliaryAddresses ?? {}).length === 0 ? {} : { AuxiliaryAddresses }),
  };
}
