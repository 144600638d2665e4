import type { Engine } from "../engine.ts";
import { conflict } from "../refusal.ts";
import type { Network } from "../state/network.ts";
import type { NetworkLiteral } from "./literal.ts";

/** The daemon's own pools begin behind that of `bridge`. */
const FIRST_POOL = 18;

/** @throws Refusal where there is one of that name */
export function placeNetwork(engine: Engine, literal: NetworkLiteral): Network {
  const { name, driver = "bridge", internal = false, labels = {} } = literal;
  if (engine.networks.named(name) !== undefined) throw conflict(`network with name ${name} already exists`);
  const { subnet = `172.${FIRST_POOL + engine.networks.size - 3}.0.0/16` } = literal;
  const gateway = subnet.replace(/\.\d+\/.*$/, ".1");
  const network = engine.networks.put({
    id: engine.seed.id("network"),
    name,
    driver,
    created: engine.time.stamp(),
    isInternal: internal,
    isAttachable: false,
    hasIpv6: false,
    subnet,
    gateway,
    ipam: { Driver: "default", Options: {}, Config: [{ Subnet: subnet, Gateway: gateway }] },
    options: {},
    labels,
  });
  engine.tell("network", "create", network.id, { name, type: driver });
  return network;
}
