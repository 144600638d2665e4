import { nothing } from "../../http/answer.ts";
import { connectedTo } from "../../lifecycle/networks.ts";
import { badParameter, Refusal } from "../../refusal.ts";
import { isBuiltin } from "../../state/network.ts";
import type { Endpoint } from "../endpoint.ts";

export const networkDelete: Endpoint = {
  operation: "NetworkDelete",
  answer: ({ name: reference }, engine) => {
    const network = engine.networks.find(reference, (wanted, matches, by) =>
      badParameter(`network ${wanted} is ambiguous (${matches} matches found based on ${by})`),
    );
    const { id, name, driver } = network;
    if (isBuiltin(network)) throw new Refusal(403, `${name} is a pre-defined network and cannot be removed`);
    if (connectedTo(engine, network).next().done !== true) {
      throw new Refusal(403, `error while removing network: network ${name} id ${id} has active endpoints`);
    }
    engine.networks.delete(id);
    engine.tell("network", "destroy", id, { name, type: driver });
    return nothing();
  },
};
