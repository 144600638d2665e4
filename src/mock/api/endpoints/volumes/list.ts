import { ApiError, badParameter } from "../../../model/api-error.ts";
import type { Filters } from "../../../model/filters.ts";
import type { Volume } from "../../../model/volume.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listVolumeUsers } from "../../../operations/lifecycle/volumes.ts";
import type { QueryParameters } from "../../http/query.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { toVolumeJson } from "./volume-json.ts";

const FILTERS = ["dangling", "driver", "label", "name"];

export const volumeList: Endpoint = {
  operation: "VolumeList",
  respond: ({ query }, engine) => {
    const matches = createFilter(readFilters(query), engine);
    return jsonResponse({ Volumes: [...engine.volumes].filter(matches).map(toVolumeJson), Warnings: null });
  },
};

/** Unlike other lists, moby answers 400 for filters that are not JSON. @throws ApiError 400 */
function readFilters(query: QueryParameters): Filters {
  try {
    return query.readFilters(FILTERS);
  } catch (error) {
    const isNoJson = error instanceof ApiError && (error.status === 500 || error.message === "invalid filter");
    throw isNoJson ? badParameter(`error reading volume filters: ${error.message}`) : error;
  }
}

function createFilter(filters: Filters, engine: Engine): (volume: Volume) => boolean {
  const dangling = filters.getFlag("dangling");
  return ({ name, driver, labels }) =>
    filters.hasMatch("name", (value) => name.includes(value)) &&
    filters.hasExactly("driver", driver) &&
    filters.hasLabels(labels ?? {}) &&
    (dangling === undefined || dangling === (listVolumeUsers(engine, name).length === 0));
}
