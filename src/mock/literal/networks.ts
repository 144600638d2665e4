import type { Engine } from "../engine.ts";
import { createNetwork } from "../lifecycle/create-network.ts";
import type { Network } from "../state/network.ts";
import type { NetworkLiteral } from "./literal.ts";

/** @throws Refusal for what the daemon would not create, and where there is one of that name */
export function placeNetwork(engine: Engine, { name, driver, subnet, internal, labels }: NetworkLiteral): Network {
  const { network } = createNetwork(engine, {
    Name: name,
    Driver: driver,
    Internal: internal,
    Labels: labels,
    CheckDuplicate: true,
    ...(subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } }),
  });
  return network;
}
