import { sumSizes } from "../../../../userland/files/tree.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { listVolumeUsers, removeVolume } from "../../../operations/lifecycle/volumes.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { hasPruneLabels } from "../prune-filters.ts";

/** A prune keeps volumes with driver options (moby volume/service/service.go, Prune). */
export const volumePrune: Endpoint = {
  operation: "VolumePrune",
  respond: ({ query }, engine) => {
    const filters = query.readFilters(["label", "label!"]);
    const unused = [...engine.volumes].filter(
      ({ name, labels, options }) =>
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
