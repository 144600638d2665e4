import { ApiError, badParameter } from "../../../model/api-error.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import type { Filters } from "../../../model/filters.ts";
import { removeContainer } from "../../../operations/lifecycle/remove-container.ts";
import type { QueryParameters } from "../../http/query.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { hasPruneLabels, readPruneUntil } from "../prune-filters.ts";
import { measureContainer } from "./container-summary.ts";

export const containerPrune: Endpoint = {
  operation: "ContainerPrune",
  respond: ({ query }, engine) => {
    const filters = readPruneFilters(query);
    const until = readPruneUntil(filters, engine);
    const isIdle = (container: Container): boolean =>
      !isRunning(container) && container.created < until && hasPruneLabels(filters, container.config.Labels);
    const idle = [...engine.containers].filter(isIdle);
    const SpaceReclaimed = idle.reduce((sum, container) => sum + (measureContainer(engine, container).SizeRw ?? 0), 0);
    for (const { id } of idle) removeContainer(engine, id, { removesVolumes: false });
    emitEvent(engine, "container", "prune", "", { reclaimed: String(SpaceReclaimed) });
    return jsonResponse({ ContainersDeleted: idle.length === 0 ? null : idle.map(({ id }) => id), SpaceReclaimed });
  },
};

/** Unlike other prunes, moby answers 400 for filters that are not JSON. */
function readPruneFilters(query: QueryParameters): Filters {
  try {
    return query.readFilters(["label", "label!", "until"]);
  } catch (error) {
    throw error instanceof ApiError ? badParameter(error.message) : error;
  }
}
