import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { isBuiltin, type Network } from "../../../model/network.ts";
import { toShortId } from "../../../model/short-id.ts";
import type { Engine } from "../../../operations/engine.ts";
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
    checkIsUnused(engine, network);
    engine.networks.delete(id);
    emitEvent(engine, "network", "destroy", id, { name, type: driver });
    return noContent();
  },
};

/** dockerd 28 lists the containers of the network. @throws ApiError 403 */
function checkIsUnused(engine: Engine, network: Network): void {
  const { id, name } = network;
  const connected = [...listConnected(engine, network)];
  if (connected.length === 0) return;
  const members = connected.map((one) => `name:"${one.container.name}" id:"${toShortId(one.endpoint.endpointId)}"`);
  const what = isOlderEngine(engine.release, "28")
    ? `${name} id ${id} has active endpoints`
    : `${name} has active endpoints (${members.reverse().join(", ")})`;
  throw new ApiError(403, `error while removing network: network ${what}`);
}
