import { sumSizes } from "../../../../userland/files/tree.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { ANONYMOUS_LABEL, listVolumeUsers, removeVolume } from "../../../operations/lifecycle/volumes.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { hasPruneLabels } from "../prune-filters.ts";

/**
 * A prune keeps volumes with driver options, and since 1.42 all volumes with a name, unless the filter `all` is set
 * (moby volume/service/service.go, Prune).
 */
export const volumePrune: Endpoint = {
  operation: "VolumePrune",
  respond: (request, engine) => {
    const { query, release } = request;
    const filters = query.readFilters(["label", "label!", ...(isOlderEngine(release, "28") ? [] : ["all"])]);
    const removesNamed = request.api.isBefore("1.42") || filters.getFlag("all") === true;
    const unused = [...engine.volumes].filter(
      ({ name, labels, options }) =>
        (removesNamed || (labels ?? {})[ANONYMOUS_LABEL] !== undefined) &&
        Object.keys(options ?? {}).length === 0 &&
        hasPruneLabels(filters, labels ?? {}) &&
        listVolumeUsers(engine, name).length === 0,
    );
    const SpaceReclaimed = unused.reduce((sum, { files }) => sum + sumSizes(files.root), 0);
    for (const volume of unused) removeVolume(engine, volume);
    emitEvent(engine, "volume", "prune", "", { reclaimed: String(SpaceReclaimed) });
    return jsonResponse({ VolumesDeleted: unused.map(({ name }) => name), SpaceReclaimed });
  },
};
