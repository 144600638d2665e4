import { emitEvent } from "../../../model/emit-events.ts";
import { isBuiltin, type Network } from "../../../model/network.ts";
import { listConnected } from "../../../operations/lifecycle/networks.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { hasPruneLabels, readPruneUntil } from "../prune-filters.ts";

/** The response has `null` if the prune removed nothing, and no `SpaceReclaimed`. */
export const networkPrune: Endpoint = {
  operation: "NetworkPrune",
  respond: ({ query }, engine) => {
    const filters = query.readFilters(["label", "label!", "until"]);
    const until = readPruneUntil(filters, engine);
    const isUnused = (network: Network): boolean =>
      !isBuiltin(network) &&
      network.created < until &&
      hasPruneLabels(filters, network.labels) &&
      listConnected(engine, network).next().done === true;
    const unused = [...engine.networks].filter(isUnused);
    for (const { id, name, driver } of unused) {
      engine.networks.delete(id);
      emitEvent(engine, "network", "destroy", id, { name, type: driver });
    }
    emitEvent(engine, "network", "prune", "", { reclaimed: "0" });
    return jsonResponse({ NetworksDeleted: unused.length === 0 ? null : unused.map(({ name }) => name) });
  },
};
