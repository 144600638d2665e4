/** The classic builder's cache is its images. The cache of BuildKit, which is not simulated, is always empty. */

import { ApiError, systemError } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { formatAtoiError } from "../../http/query.ts";
import { emptyResponse, jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const buildPrune: Endpoint = {
  operation: "BuildPrune",
  respond: ({ query }, engine) => {
    try {
      query.readAnyFilters();
    } catch (error) {
      throw error instanceof ApiError ? systemError(`could not parse filters: ${error.message}`) : error;
    }
    const kept = query.get("keep-storage");
    if (kept !== "" && !/^[+-]?\d+$/.test(kept)) {
      throw systemError(`keep-storage is in bytes and expects an integer, got ${kept}: ${formatAtoiError(kept)}`);
    }
    emitEvent(engine, "builder", "prune", "", { reclaimed: "0" });
    return jsonResponse({ CachesDeleted: null, SpaceReclaimed: 0 });
  },
};

export const buildCancel: Endpoint = {
  operation: "BuildCancel",
  respond: ({ query }) => {
    if (query.get("id") === "") throw systemError("build ID not provided");
    return { ...emptyResponse(200), fields: [["Content-Type", "application/json"]] };
  },
};
