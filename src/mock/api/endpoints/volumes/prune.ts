import { sumSizes } from "../../../../userland/files/tree.ts";
import { badParameter } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Filters } from "../../../model/filters.ts";
import { ANONYMOUS_LABEL, listVolumeUsers, removeVolume } from "../../../operations/lifecycle/volumes.ts";
import type { ApiRequest } from "../../http/request.ts";
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
    const removesNamed = readAll(request, filters);
    const unused = [...engine.volumes].filter(
      ({ name, labels, options }) =>
        (removesNamed || labels?.[ANONYMOUS_LABEL] !== undefined) &&
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

/** Before 1.42 all volumes were pruned, so the daemon adds the filter to a request of these versions. @throws ApiError 400 */
function readAll({ api }: ApiRequest, filters: Filters): boolean {
  const values = [...new Set([...filters.getValues("all"), ...(api.isBefore("1.42") ? ["true"] : [])])];
  const [value, ...others] = values;
  if (others.length > 0) throw badParameter(`invalid filter 'all=[${values.join(" ")}]': only one value is expected`);
  if (value === undefined || /^(0|f|F|false|FALSE|False)$/.test(value)) return false;
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
  throw badParameter(`invalid filter 'all': strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}
