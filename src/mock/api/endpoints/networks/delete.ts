import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { isBuiltin } from "../../../model/network.ts";
import { listConnected } from "../../../operations/lifecycle/networks.ts";
import { noContent } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const networkDelete: Endpoint = {
  operation: "NetworkDelete",
  respond: ({ name: reference }, engine) => {
    const network = engine.networks.find(reference, (ambiguous, matches, by) =>
      badParameter(`network ${ambiguous} is ambiguous (${matches} matches found based on ${by})`),
    );
    const { id, name, driver } = network;
    if (isBuiltin(network)) throw new ApiError(403, `${name} is a pre-defined network and cannot be removed`);
    if (listConnected(engine, network).next().done !== true) {
      throw new ApiError(403, `error while removing network: network ${name} id ${id} has active endpoints`);
    }
    engine.networks.delete(id);
    emitEvent(engine, "network", "destroy", id, { name, type: driver });
    return noContent();
  },
};
